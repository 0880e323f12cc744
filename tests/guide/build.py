"""Makes of the Markdown of docs/guide one text a language, as ``liveconsole.guide`` reads it."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any, Final

from markdown_it import MarkdownIt
from markdown_it.token import Token
from PIL import Image

from liveconsole.guide import LANGUAGES, Language

ROOT: Final = Path(__file__).resolve().parents[2]
TEXTS: Final = ROOT / "docs" / "guide"
BUILT: Final = ROOT / "resources" / "guide"
PAGES: Final = (
    "first-evening", "rehearsal", "real-room", "assistant", "draws", "after", "second-computer", "troubles",
    "keys", "words",
)  # fmt: skip
"""In the order of the guide."""
TITLES: Final[dict[Language, str]] = {"zh": "直播中控台 · 使用指南", "en": "LiveConsole · Guide"}
_CONTENTS: Final[dict[Language, str]] = {"zh": "目录", "en": "Contents"}
_PLACE: Final = re.compile(r"<!-- place: ([a-z][a-z-]*) -->")
_STYLE: Final = Path(__file__).with_name("page.css")


class BadPage(Exception):
    """Says what of which page cannot be built."""


def text_of(language: Language) -> str:
    """Return the built text. Raises BadPage, OSError."""
    parts, contents = [], []
    for name in PAGES:
        page = _Page(language, name)
        parts.append(f'<article id="{name}">\n{page.body}</article>\n')
        below = "".join(f'<li><a href="#{place}">{title}</a></li>' for place, title in page.places)
        contents.append(
            f'<li><a href="#{name}">{page.title}</a>' + (f"<ul>{below}</ul>" if below else "") + "</li>\n"
        )
    return _WHOLE.format(
        language=language,
        title=html.escape(TITLES[language]),
        style=_STYLE.read_text("utf-8"),
        contents=_CONTENTS[language],
        list="".join(contents),
        parts="".join(parts),
    )


def write() -> None:
    """Write both."""
    for language in LANGUAGES:
        (BUILT / f"{language}.html").write_text(text_of(language), "utf-8", newline="\n")


class _Page:
    """``body``: its HTML; ``places``: the headings that have a place of their own, with their titles."""

    def __init__(self, language: Language, name: str) -> None:
        self.places: list[tuple[str, str]] = []
        self.title = ""
        self._where = TEXTS / language / f"{name}.md"
        markdown = MarkdownIt("commonmark", {"html": True}).enable("table")
        tokens = markdown.parse(self._where.read_text("utf-8"))
        self._headings(tokens)
        for token in tokens:
            for child in token.children or ():
                self._link(child)
        rendered = markdown.renderer.render(tokens, markdown.options, {})
        if "**" in re.sub(r"<code>.*?</code>", "", rendered, flags=re.DOTALL):
            raise BadPage(f"{self._where}: bold that is none")
        self.body = re.sub(r"<p>(<img [^>]*>)</p>", self._figure, rendered)
        self.body = re.sub(r"<!--.*?-->\n?", "", self.body, flags=re.DOTALL)

    def _headings(self, tokens: list[Token]) -> None:
        place = ""
        for n, token in enumerate(tokens):
            if token.type == "html_block" and (named := _PLACE.search(token.content)):
                place = named[1]
            elif token.type == "heading_open":
                title = html.escape(tokens[n + 1].content)
                if token.tag == "h1":
                    self.title = title
                elif place:
                    token.attrSet("id", place)
                    self.places.append((place, title))
                place = ""

    def _link(self, token: Token) -> None:
        if token.type == "image":
            there = (self._where.parent / str(token.attrs["src"])).resolve()
            if not there.is_file():
                raise BadPage(f"{self._where}: no picture {there}")
            with Image.open(there) as picture:
                wide, high = picture.size
            token.attrs |= {"src": there.relative_to(BUILT).as_posix(), "width": wide, "height": high}
            token.attrs["loading"] = "lazy"
        elif token.type == "link_open":
            to = str(token.attrs["href"])
            if to.startswith("https://"):
                return
            page, _, place = to.partition("#")
            if page and (not page.endswith(".md") or page[:-3] not in PAGES):
                raise BadPage(f"{self._where}: {to} leads out of the guide")
            token.attrs["href"] = f"#{place or page[:-3]}"

    @staticmethod
    def _figure(found: re.Match[str]) -> str:
        image: Any = re.search(r'alt="([^"]*)"', found[1])
        return f"<figure>{found[1]}<figcaption>{image[1]}</figcaption></figure>"


_WHOLE: Final = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
<header><h1>{title}</h1></header>
<nav aria-label="{contents}"><h2>{contents}</h2>
<ol>
{list}</ol>
</nav>
<main>
{parts}</main>
</body>
</html>
"""
