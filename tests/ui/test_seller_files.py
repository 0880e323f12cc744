"""Figures that sellers go by are opened from the settings, as the word lists are."""

from __future__ import annotations

from pathlib import Path

from liveconsole.respath import resources
from ui.preferences.lists import SELLER, desk_list, own_copy


def test_every_file_of_a_sellers_figures_can_be_opened_and_a_broken_one_says_so(tmp_path: Path) -> None:
    there = {f"seller/{file.name}" for file in (resources() / "seller").glob("*.toml")}
    assert set(SELLER) == there, "a file that nobody can open at the desk"
    for name in SELLER:
        assert desk_list(tmp_path, name).entries >= 0
        own = own_copy(tmp_path, name)
        assert desk_list(tmp_path, name).own
        assert desk_list(tmp_path, name).wrong == ""
        own.write_text("[", "utf-8")
        assert desk_list(tmp_path, name).wrong
