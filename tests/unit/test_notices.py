"""Whose work ships: each part has its licence and text, nothing is under the GPL, and people can read it."""

from __future__ import annotations

import json
from pathlib import Path

import hypothesis
import pytest
from bundle import layout, shipping
from bundle.shipping import UnknownPart

from liveconsole import notices
from liveconsole.cli import main
from liveconsole.notices import ShippedPart


def test_every_part_that_is_installed_has_a_licence_and_a_text() -> None:
    found = notices.notices()
    names = {notices.canonical(one.name) for one in found}
    assert found[0].name == "live-room-console"
    assert {"pyside6-essentials", "aiohttp", "sqlcipher3", "qasync", "chinesecalendar"} <= names
    assert not names & {"pytest", "ruff", "hypothesis"}, "tools are no part of the program"
    shipping.check(found)
    (qt,) = (one for one in found if one.name == "PySide6_Essentials")
    whole = "\n".join(qt.texts)
    for words in (
        "You may replace them",
        "GNU LESSER GENERAL PUBLIC LICENSE",
        "TERMS AND CONDITIONS",
        "UNICODE",
    ):
        assert words in whole, words


@pytest.mark.parametrize(
    "licence",
    [
        "GPL-3.0-only",
        "AGPL-3.0-or-later",
        "GNU General Public License v3 (GPLv3)",
        "LGPL-3.0-only AND GPL-3.0-only",
        "",
    ],
)
def test_a_part_under_the_gpl_or_unknown_stops_the_build(licence: str) -> None:
    with pytest.raises(UnknownPart):
        shipping.check([ShippedPart("evil", "1", licence, ("text",))])


def test_what_is_free_enough_ships_and_a_part_without_a_text_does_not() -> None:
    for licence in (
        "MIT",
        "LGPL-3.0-only",
        "GNU Lesser General Public License",
        "Apache-2.0 OR GPL-2.0-only",
        shipping.BOOTLOADER,
    ):
        shipping.check([ShippedPart("good", "1", licence, ("text",))])
    with pytest.raises(UnknownPart, match="has no text"):
        shipping.check([ShippedPart("mute", "1", "MIT", ())])
    with pytest.raises(UnknownPart, match="no package has"):
        shipping.system_packages({"/usr/lib/libnobody.so.1"})


def test_what_a_developer_has_beside_the_lock_does_not_ship(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever tool is imported by chance; the twin without the lock lets it in."""
    stray = {hypothesis.__file__}
    assert {"pyside6-essentials", "aiohttp"} <= shipping.locked()
    for one in ("psycopg", "nats-py", "pytest"):
        assert one not in shipping.locked(), one
    start = ShippedPart("bootloader", "1", shipping.BOOTLOADER, ("a text",))
    # What builds a bundle is where bundles are built alone.
    monkeypatch.setattr(shipping, "_bootloader", lambda: start)
    with pytest.raises(UnknownPart, match="hypothesis"):
        shipping.parts(stray)
    monkeypatch.setattr(shipping, "locked", lambda: shipping.packages(stray))
    assert "hypothesis" in {one.name for one in shipping.parts(stray)}
    assert {"psycopg", "nats", "nkeys", "nacl"} <= set(layout.EXCLUDED)


def test_a_packaged_program_reads_what_it_was_built_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    made = [
        ShippedPart("live-room-console", "1", "MIT", ("ours",)),
        ShippedPart("b", "2", "MIT", ("same", "same")),
    ]
    file = tmp_path / "notices.json"
    file.write_bytes(notices.packed([*made, ShippedPart("c", "3", "BSD", ("same",))]))
    assert file.read_bytes().count(b'"same"') == 1, "a text is kept once"
    monkeypatch.setattr(notices, "FILE", file)
    assert notices.notices()[:2] == made
    assert main(["licenses"]) == 0
    assert capsysbinary.readouterr().out.decode().splitlines()[1].split() == ["b", "2", "MIT"]
    assert main(["licenses", "B"]) == 0
    assert capsysbinary.readouterr().out.decode() == "b 2: MIT\n========\n\nsame\n\nsame\n"
    assert main(["licenses", "--json", "c"]) == 0
    assert json.loads(capsysbinary.readouterr().out)["licence"] == "BSD"
    assert main(["licenses", "none"]) == 2
    assert main(["licenses", "--all"]) == 0
    assert capsysbinary.readouterr().out.count(b"same") == 3
