"""A data folder of a newer program is refused in words by whatever opens it, and not a byte of it moves."""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from liveconsole import paths, versions
from liveconsole.bus.errors import EngineGone
from liveconsole.bus.launch import find_or_start
from liveconsole.bus.starting import start_ahead
from liveconsole.cli import grammar, main, told_commands
from liveconsole.engine import folding
from liveconsole.exits import Exit
from liveconsole.store import Write, open_store
from liveconsole.store.backup import backup, restore
from liveconsole.store.errors import StoreNewer
from liveconsole.store.rows import EventRow
from ui.program import start

NEWER = {"program": "9.1.0", **versions.OURS, "settings": versions.SETTINGS + 1}
WORDS: dict[str, list[str]] = {
    "replay": ["FILE"],
    "import": ["FILE"],
    "export": ["--orders", "OUT.csv"],
    "tail": [],
    "receipt": ["c-1"],
    "restore": ["FILE"],
    "forget": ["somebody"],
    "repair": ["--clock"],
    "join": ["CODE"],
    "shop connect": ["--appid", "wx1"],
    "nats write": ["--address", "10.0.0.5"],
    "nats seat": ["studio"],
    "browser check": [],
    "browser part": ["FILE"],
    "browser map": ["wechat_channels"],
    "browser make-part": ["OUT"],
    "evidence": ["--file", "OUT.zip"],
    "backup": ["OUT.backup"],
}
"""What a command needs besides ``--data`` to come as far as its folder."""
LOOKS_ONLY = {"doctor"}
"""It looks at a folder whoever wrote it, and says so itself."""
INNER = ("rehearsal-platform", "rehearsal-world")


def openers() -> Iterator[list[str]]:
    """Every command (and deed of one) that has ``--data``, with words that it takes."""

    def of(name: str, words: argparse.ArgumentParser, above: list[str]) -> Iterator[list[str]]:
        deeds = list(grammar.below(words))
        has = any("--data" in action.option_strings for action in words._actions)
        for deed, _, parser in deeds:
            yield from of(f"{name} {deed}", parser, [name, *(["--data", "DATA"] if has else []), deed])
        if has and not deeds:
            yield [*(above or [name]), "--data", "DATA", *WORDS.get(name, [])]
        elif above and not deeds:
            yield [*above, *WORDS.get(name, [])]

    for name, _, words in grammar.below(grammar.whole(told_commands())):
        yield from of(name, words, [])


def tree(folder: Path) -> dict[str, tuple[str, int, int]]:
    return {
        path.relative_to(folder).as_posix(): (
            hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "",
            path.stat().st_mode,
            path.stat().st_mtime_ns,
        )
        for path in [folder, *folder.rglob("*")]
    }


@pytest.fixture(scope="module")
def newer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a room, which a newer program had open since; nobody may touch it, so all share it."""
    folder = tmp_path_factory.mktemp("newer") / "data"
    with pytest.MonkeyPatch.context() as world:
        world.setenv("LIVECONSOLE_KEYRING", "off")
        open_store(folder).close()
    (folder / paths.MARK).write_text(json.dumps(NEWER), "utf-8")
    return folder


@pytest.mark.parametrize("words", list(openers()), ids=" ".join)
def test_every_command_that_opens_a_folder_refuses_a_newer_one(
    words: list[str],
    newer: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "file.csv").write_text("title,price\n帽子,39\n", "utf-8")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\n")))
    monkeypatch.chdir(tmp_path)
    before = tree(newer)
    asked = [str(newer) if w == "DATA" else "file.csv" if w == "FILE" else w for w in words]
    code = main(asked)
    said = capsys.readouterr()
    assert tree(newer) == before, "not a byte of it"
    if words[0] in LOOKS_ONLY:
        assert code == Exit.FAILED
        assert "9.1.0" in said.out
        return
    assert code == Exit.NEWER, said
    assert "更新版本" in said.err
    assert "newer version" in said.err
    assert "9.1.0" in said.err
    assert str(newer) in said.err


def test_the_commands_that_are_tried_are_those_that_there_are() -> None:
    tried = {words[0] for words in openers()}
    assert {"open", "serve", "history", "backup", "export", "tokens", "shop", "browser"} <= tried
    assert len(tried) >= 27
    assert {name.split()[0] for name in WORDS} <= tried


def test_the_twin_the_same_folder_without_the_mark_is_opened(tmp_path: Path) -> None:
    newer = tmp_path / "data"
    open_store(newer).close()
    (newer / paths.MARK).write_text(json.dumps({"program": "9.1.0", **versions.OURS}), "utf-8")
    assert main(["history", "--data", str(newer)]) == Exit.OK
    for rubbish in (b"", b"[1]", b"{", b'{"schema": "' + b"x" * 9000):
        (newer / paths.MARK).write_bytes(rubbish)
        assert main(["history", "--data", str(newer)]) == Exit.OK


@pytest.mark.parametrize(
    "mark",
    [
        {"schema": versions.SCHEMA + 1},
        {"fold": versions.FOLD + 1},
        {"books": versions.BOOKS + 1},
        {"of a later program": 1},
        {"schema": "r0099"},
    ],
)
def test_any_number_beyond_ours_is_newer(mark: dict[str, object], tmp_path: Path) -> None:
    (tmp_path / paths.MARK).write_text(json.dumps({**versions.OURS, **mark}), "utf-8")
    with pytest.raises(paths.FolderNewer):
        paths.data_folder(tmp_path)


@pytest.mark.parametrize("by", ["9.1.0\x1b[31m", "9.1.0\u202e", "x" * 40, 9, None, ["9.1.0"]])
def test_what_a_mark_says_of_its_program_is_shown_where_it_is_a_plain_word(
    by: object, tmp_path: Path
) -> None:
    (tmp_path / paths.MARK).write_text(json.dumps({**NEWER, "program": by}), "utf-8")
    with pytest.raises(paths.FolderNewer) as why:
        paths.data_folder(tmp_path)
    assert why.value.by == ""
    assert all(words.isprintable() for words in why.value.words)


def test_an_older_mark_is_no_hindrance_and_becomes_ours(tmp_path: Path) -> None:
    open_store(tmp_path / "d").close()
    (tmp_path / "d" / paths.MARK).write_text('{"program": "0.8.0", "schema": 3, "fold": 2}', "utf-8")
    open_store(tmp_path / "d").close()
    assert json.loads((tmp_path / "d" / paths.MARK).read_text("utf-8"))["schema"] == versions.SCHEMA


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE alembic_version SET version_num = 'r9999'",
        f"UPDATE meta SET value = CAST('{versions.BOOKS + 1}' AS BLOB) WHERE name = 'books'",
        f"INSERT INTO snapshot VALUES (1, {versions.FOLD + 1}, x'00')",
    ],
)
def test_a_newer_store_without_a_mark_is_refused_by_what_stands_in_it(
    sql: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mark may be lost; what the store itself says is looked at before anything is written to it."""
    monkeypatch.setattr("liveconsole.cli.serve.set_up", lambda *_: None)
    folder = tmp_path / "data"
    store = open_store(folder)
    if not hasattr(store._file, "path"):
        store.close()
        pytest.skip("this store is in a database")
    with store._file.writing() as c:
        c.exec_driver_sql(sql)
    store.close()
    (folder / paths.MARK).unlink()
    before = (folder / "room.db").read_bytes()
    for command in (["serve"], ["history"], ["report"]):
        assert main([*command, "--data", str(folder)]) == Exit.NEWER, command
        assert "room.db" in capsys.readouterr().err
    assert (folder / "room.db").read_bytes() == before
    assert not (folder / paths.MARK).exists()


def test_a_type_of_a_newer_program_on_the_log_is_said_in_words(tmp_path: Path) -> None:
    from datetime import UTC, datetime

    store = open_store(tmp_path / "data")
    at = datetime(2026, 11, 30, tzinfo=UTC)
    store.commit(Write(0, events=[EventRow("hologram.shown", at, "host", b"{}", "", "", None, b"digest")]))
    with pytest.raises(StoreNewer, match=r"hologram\.shown \(seq 1\)"):
        folding.fold(store)
    store.close()


def test_a_backup_of_a_newer_program_is_not_restored(tmp_path: Path) -> None:
    store = open_store(tmp_path / "data")
    if not hasattr(store._file, "path"):
        store.close()
        pytest.skip("this store is in a database")
    with store._file.writing() as c:
        c.exec_driver_sql("UPDATE alembic_version SET version_num = 'r9999'")
    code = backup(store, tmp_path / "b")
    store.close()
    with pytest.raises(StoreNewer):
        restore(tmp_path / "b", code, tmp_path / "restored")
    assert not (tmp_path / "restored").exists()


def test_no_engine_is_started_on_it(newer: Path) -> None:
    before = tree(newer)
    start_ahead(newer, ["--with-desk"])
    with pytest.raises(EngineGone, match="newer version"):
        asyncio.run(find_or_start(newer))
    for name in INNER:
        assert main([name, "--data", str(newer)]) == Exit.NEWER
    assert tree(newer) == before


def test_who_clicked_an_icon_is_told_by_a_window(
    newer: Path, monkeypatch: pytest.MonkeyPatch, qtbot: object
) -> None:
    from ui.program import refused

    shown: list[object] = []
    monkeypatch.setattr("liveconsole.screen.on_screen", lambda: True)
    monkeypatch.setattr("liveconsole.screen.plugin_for_a_window", lambda: "")
    monkeypatch.setattr(refused, "show", shown.append)
    monkeypatch.setattr(sys, "stderr", None)  # a windowed program on Windows
    assert start.main(["--data", str(newer)]) == Exit.NEWER
    (words,) = shown
    assert "更新版本" in words[0]  # type: ignore[index]
    window = refused.RefusedWindow(words)  # type: ignore[arg-type]
    window.show()
    assert [line.text() for line in window.lines] == list(words)  # type: ignore[call-overload]
    window.away.click()
    assert not window.isVisible()
