"""A series of bags on the page that checks itself, of true and bent ones: what ``verify_series`` says."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from liveconsole import verify_draw, verify_series
from liveconsole.domain.draw import receipt_code
from tests.overlay.chromium import Page, needs_chromium
from tests.unit.domain.test_bag_series import rain, say
from tests.verifier.test_page import Json, opened, page, verdict

__all__ = ["page"]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(120),
    needs_chromium,
]


def series_file() -> Json:
    desk = rain()
    for who in "abc":
        say(desk, who, "x", "y")
        desk.wait(100)
    told = [msgspec.to_builtins(e.data) for e in desk.log if e.type in ("cue.drawn", "bag.series")]
    receipts = [one["receipt"] | {"code": receipt_code(one["receipt"])} for one in told[:-1]]
    series = told[-1]["receipt"]
    file = {"series": series | {"code": receipt_code(series)}, "receipts": receipts}
    return dict(json.loads(json.dumps(file)))


def independent(file: Json) -> bool:
    try:
        found = [holds for one in file["receipts"] for holds, _, _ in verify_draw.check_receipt(one)]
        found += [verify_draw.receipt_code(one) == one["code"] for one in file["receipts"]]
        found += [holds for holds, _, _ in verify_series.check_series(file["series"], file["receipts"])]
    except (KeyError, TypeError, ValueError):
        return False
    return False not in found


BENT: list[Callable[[Json], Any]] = [
    lambda file: file["receipts"].pop(),
    lambda file: file["receipts"].reverse(),
    lambda file: file["series"].update(gap_seconds=0),
    lambda file: file["series"].update(planned=4),
    lambda file: file["series"].update(once="x"),
    lambda file: file["series"].update(code="AAAA-AAAA"),
    lambda file: file["series"].update(receipts_sha256="0" * 64),
    lambda file: file["series"]["draws"][1].update(opened_at=file["series"]["draws"][0]["closed_at"]),
    lambda file: file["series"]["draws"][2].update(stood_back=0),
    lambda file: file["receipts"][1]["rules"]["series"].update(after="0" * 64),
    lambda file: file["receipts"][2].update(winners=[]),
    lambda file: file.pop("series"),
]


async def test_the_page_of_a_series_is_valid_and_says_whose_bag(page: Page, tmp_path: Path) -> None:
    file = series_file()
    await opened(page, tmp_path, file)
    told = await page.ask("checked")
    assert [one["en"] for one in told["checks"] if not one["holds"]] == []
    assert told["verdict"] == "valid"
    assert told["codes"]["series"] == file["series"]["code"]
    assert [one["receipt"] for one in told["codes"]["bags"]] == [one["code"] for one in file["receipts"]]
    assert "3 个开了奖，公布 3 个" in await page.ask("document.body.innerText")
    winner = file["receipts"][1]["winners"][0]
    await page.ask(
        f"(() => {{ const node = at('mine'); node.value = {json.dumps(winner)};"
        " node.dispatchEvent(new Event('input')); return 1; })()"
    )
    await page.until("at('mine-said').textContent !== ''")
    assert (await page.ask("at('mine-said').textContent")).startswith("第 2 个福袋，")
    assert page.complaints == []


async def test_twin_of_a_bent_series_it_says_what_the_program_says(page: Page, tmp_path: Path) -> None:
    file = series_file()
    await opened(page, tmp_path, file)
    assert independent(file)
    for number, bend in enumerate(BENT):
        bent = copy.deepcopy(file)
        bend(bent)
        assert not independent(bent), number
        assert (await verdict(page, bent))["verdict"] == "invalid", number
