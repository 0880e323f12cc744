"""Why a store takes or gives nothing is said in words wherever a person reads it, and not by the store's own
word for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from liveconsole.bus.rooms.database import DatabaseRooms
from liveconsole.bus.rooms.listed import BadRooms
from liveconsole.cli.joining import complain
from liveconsole.exits import Exit
from liveconsole.messages.refusals import word
from liveconsole.messages.unwritten import WRITE_REASONS, why_in_both
from liveconsole.store.errors import CannotWrite, StoreBroken, StoreError

SAID = 'connection to server at "10.0.0.9" failed:\n\tConnection refused'
SHORT = 'connection to server at "10.0.0.9" failed: Connection refused'


class _Away:
    def read(self, most: int) -> tuple[list[object], int]:
        raise CannotWrite("away", SAID)

    def close(self) -> None: ...


def _by_command(error: StoreError, capsys: pytest.CaptureFixture[str]) -> str:
    assert complain(error) == Exit.FAILED
    return capsys.readouterr().err


def _by_rooms(tmp_path: Path) -> str:
    with pytest.raises(BadRooms) as raised:
        DatabaseRooms(tmp_path, _Away()).rooms()  # type: ignore[arg-type]
    return str(raised.value)


def test_a_command_says_it_in_both_languages_on_one_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    whole = f"连不上数据库 / the database is not reached ({SHORT})"
    assert _by_command(CannotWrite("away", SAID), capsys) == f"liveconsole: {whole}\n"
    assert _by_rooms(tmp_path) == whole


@pytest.mark.parametrize("reason", WRITE_REASONS)
@pytest.mark.parametrize("code", ["cannot_write", "log_unreadable"])
def test_the_door_says_every_reason_in_words(code: str, reason: str) -> None:
    """「log_unreadable」 read 「away: connection to…」 where 「cannot_write」 had words."""
    detail = str(CannotWrite(reason, SAID))
    for english in (False, True):
        said = word(code, {"detail": detail}, english=english)
        assert WRITE_REASONS[reason][english] in said
        assert f"{reason}:" not in said
        assert SHORT in said


@pytest.mark.parametrize(
    "say", [why_in_both, lambda detail: word("log_unreadable", {"detail": detail}, english=True)]
)
def test_what_has_no_such_reason_stays_as_it_is(say: Callable[[str], str]) -> None:
    assert say("the file is damaged (7)").endswith("the file is damaged (7)")
    assert why_in_both(str(CannotWrite("busy"))) == " / ".join(WRITE_REASONS["busy"])


def test_the_twin_said_it_as_the_store_does(capsys: pytest.CaptureFixture[str]) -> None:
    assert str(CannotWrite("away", SAID)).startswith("away: ")
    assert _by_command(StoreBroken("the file is damaged"), capsys) == "liveconsole: the file is damaged\n"
