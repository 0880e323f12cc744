"""No text from outside reaches Qt by a door that reads more than letters out of it."""

from __future__ import annotations

import json
from pathlib import Path

from tests.contract.engine_process import ROOT
from tests.doors.text_lint import files_of, lint

BAD = Path(__file__).with_name("bad_text.txt")


def test_the_desk_uses_the_plain_doors_only() -> None:
    files = list(files_of(ROOT / "ui"))
    assert len(files) > 50
    assert [str(found) for found in lint(files)] == []


def test_twin_it_catches_every_wrong_line_and_no_right_one() -> None:
    source = BAD.read_text("utf-8")
    wanted = [n for n, line in enumerate(source.splitlines(), 1) if line.endswith("# wrong")]
    assert len(wanted) > 20
    assert sorted(found.line for found in lint([("bad.py", source)])) == wanted


def test_twin_the_desk_with_one_bare_line_more_is_caught() -> None:
    files = dict(files_of(ROOT / "ui"))
    name = "panels/stage/card.py"
    assert "self.title.setText(title)" in files[name]
    files[name] = files[name].replace("self.title.setText(title)", "self.stop.setText(title)")
    assert [found.file for found in lint(files.items())] == [name]


def test_no_word_of_ours_has_a_key_in_it() -> None:
    table = json.loads((ROOT / "resources" / "i18n" / "en.json").read_text("utf-8"))
    assert [text for pair in table.items() for text in pair if "&" in text or "<" in text] == []
