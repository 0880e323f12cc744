"""The guide is whole: built of its pages, its pictures there and used, the same in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image

from liveconsole import guide
from liveconsole.cli import main
from liveconsole.guide import LANGUAGES, Language
from tests.guide import build, made_pages, pictures, web
from tests.guide.build import BUILT, PAGES, TEXTS

MOST = 6_000_000
"""Bytes of all pictures."""
_SHOWN = re.compile(
    r"^!\[([^\]]+)\]\(\.\./\.\./\.\./resources/guide/(zh|en)/([a-z-]+)\.webp\)$", re.MULTILINE
)


def page(language: Language, name: str) -> str:
    return (TEXTS / language / f"{name}.md").read_text("utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_built_is_what_the_pages_say(language: Language) -> None:
    """`python -m tests.guide text` mends it."""
    assert guide.built(language) == build.text_of(language)


def test_pages_that_are_made_are_as_they_are_made() -> None:
    for language in LANGUAGES:
        assert page(language, "keys") == made_pages.keys(language)
    assert page("en", "words") == made_pages.words()
    known = made_pages.glossary()
    assert [(zh, en) for zh, en in made_pages.told_words() if known[zh][0] != en] == []
    assert len(made_pages.told_words()) > 30


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_picture_is_there_is_used_and_can_be_made(language: Language) -> None:
    shown = [found for name in PAGES for found in _SHOWN.findall(page(language, name))]
    assert {there for _, there, _ in shown} == {language}, "pictures of the other language"
    names = [picture for _, _, picture in shown]
    assert len(names) == len(set(names))
    made = {*pictures.SCENES, *web.PICTURES}
    assert set(names) == made
    assert {file.stem for file in (BUILT / language).glob("*")} == made
    for name in names:
        with Image.open(BUILT / language / f"{name}.webp") as picture:
            assert picture.width >= 300, name


def test_the_pictures_are_small() -> None:
    assert sum(file.stat().st_size for file in BUILT.rglob("*.webp")) < MOST


def test_both_languages_have_the_same_places_pictures_and_commands() -> None:
    assert guide.anchors("zh") == guide.anchors("en")
    assert guide.anchors("zh") > set(PAGES)
    for name in PAGES:
        both = [page(language, name) for language in LANGUAGES]
        heads, shown = (
            [re.findall(r"^#+ ", text, re.MULTILINE) for text in both],
            [[picture for _, _, picture in _SHOWN.findall(text)] for text in both],
        )
        assert heads[0] == heads[1], name
        assert shown[0] == shown[1], name


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_file_asks_nobody_and_every_link_leads_somewhere(language: Language) -> None:
    whole = guide.page(language)
    assert guide.PICTURE.findall(whole) == []
    assert whole.count('src="data:image/webp;base64,') == len(pictures.SCENES) + len(web.PICTURES)
    assert "default-src 'none'" in whole
    words = re.sub(r'src="data:[^"]+"', "", whole)
    assert re.findall(r"<script|<link|\bon\w+=|url\(|@import|http-equiv=\"refresh", words) == []
    assert re.findall(r'(?:src|href)="(?!#)[^"]*"', words) == []
    assert set(re.findall(r'href="#([^"]+)"', words)) <= guide.anchors(language)


def test_a_link_that_leads_out_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twins: a link out of the guide, a picture that there is not, bold that is none."""
    monkeypatch.setattr(build, "TEXTS", tmp_path)
    (tmp_path / "zh").mkdir()
    for wrong in ("[x](../bus.md)", "![x](none.webp)", "看到**「都灵。」**了"):
        (tmp_path / "zh" / "first-evening.md").write_text(f"# x\n\n{wrong}\n", "utf-8")
        with pytest.raises(build.BadPage):
            build.text_of("zh")


def test_it_is_put_where_a_browser_finds_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["guide", "--print-path", "--lang", "en", "--data", str(tmp_path)]) == 0
    whole = Path(capsys.readouterr().out.strip())
    assert whole.read_text("utf-8") == guide.page("en")
    first = whole.stat().st_mtime_ns
    assert main(["guide", "alarms", "--print-path", "--lang", "en", "--data", str(tmp_path)]) == 0
    door = Path(capsys.readouterr().out.strip())
    assert f'url={whole.name}#alarms"' in door.read_text("utf-8")
    assert whole.stat().st_mtime_ns == first, "what is there already is not written again"
    assert main(["guide", "no-such-place", "--data", str(tmp_path)]) == 2
    assert guide.put(tmp_path, "zh", "no-such-place").name == "liveconsole-zh.html"


def test_a_machine_without_a_browser_is_told_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webbrowser.open", lambda _url: False)
    assert main(["guide", "--data", str(tmp_path)]) == 1
    told = capsys.readouterr()
    assert Path(told.out.strip()).is_file()
    assert "no browser" in told.err
