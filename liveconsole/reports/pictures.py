"""Pictures of a report: carried inside the file, so that nothing is ever loaded from anywhere."""

from __future__ import annotations

import base64
from collections.abc import Mapping

from liveconsole.intake.pictures.reading import kind_of_picture
from liveconsole.views.report.front import front_page
from liveconsole.views.report.model import Report
from liveconsole.views.report.words import ReportWords

Pictures = Mapping[str, bytes]
"""Hash → a small picture as the engine serves it."""


def shown_in(report: Report) -> list[str]:
    """Return the hashes of what a report shows: the shop's logo, and what sold best."""
    best = (sold.image for sold in front_page(report, ReportWords()).best)
    return list(dict.fromkeys(sha for sha in (report.shop.logo, *best) if sha is not None))


def data_uris(pictures: Pictures) -> dict[str, str]:
    """Return each as a ``data:`` address; what is no picture of ours is left out."""
    found = {}
    for sha, body in pictures.items():
        if kind := kind_of_picture(body):
            found[sha] = f"data:{kind};base64,{base64.b64encode(body).decode()}"
    return found
