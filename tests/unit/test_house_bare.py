"""What `dev.py bare` tries and how it says what is red; the trial itself takes an hour: make prove."""

from __future__ import annotations

import json
import subprocess
from typing import Any, cast

import pytest

from liveconsole import machine
from tests import bare
from tests.bundle.bare_root import BareRoot


def test_the_two_that_are_tried_differ_in_all_that_a_machine_may_be() -> None:
    words = [name.split("-") for name in bare.BOTH]
    assert all(mine != its for mine, its in zip(*words, strict=True))
    one, other = map(bare.Machine.of, bare.BOTH)
    assert {one.user, other.user} == {one.git, other.git} == {True, False}


@pytest.mark.parametrize("name", ["", "12", "11-user-git-utf8", "12-git-user-utf8", "12-user-git-utf8-more"])
def test_what_names_no_machine_is_a_line(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bare, "why_not", lambda: "")
    monkeypatch.setattr(bare, "is_clone", lambda: True)
    assert bare.main([name]) == 2
    assert "12|13-user|root-git|nogit-utf8|none|posix" in capsys.readouterr().err


def test_where_none_can_be_made_only_the_long_proof_goes_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bare, "why_not", lambda: "not here")
    assert (bare.main([]), bare.main(["--where-possible"])) == (1, 0)
    said = capsys.readouterr()
    assert (said.out, said.err.count("not here")) == ("", 2)


@pytest.mark.parametrize(
    ("run", "test", "code"), [(0, 0, 0), (2, 0, 1), (0, 2, 1)], ids=["green", "run is red", "test is red"]
)
def test_one_red_command_is_a_red_machine(
    run: int, test: int, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[list[str]] = []

    def tried(one: bare.Machine, words: list[str]) -> dict[str, Any]:
        asked.append([one.name, *words])
        return {"machine": one.name, "run": {"code": run}, "test": {"code": test}}

    monkeypatch.setattr(bare, "why_not", lambda: "")
    monkeypatch.setattr(bare, "is_clone", lambda: True)
    monkeypatch.setattr(bare, "tried", tried)
    assert bare.main(["13-user-git-posix", "--", "tests/unit", "-k", "draw"]) == code
    assert asked == [["13-user-git-posix", "tests/unit", "-k", "draw"]]
    assert json.loads(capsys.readouterr().out)["machine"] == "13-user-git-posix"


class Machine:
    """Says what make says to a plain user, and keeps what root is asked to run."""

    def __init__(self) -> None:
        self.ran: list[tuple[str, ...]] = []

    def words(self, *_command: str, **_: Any) -> list[str]:
        return ["sh", "-c", "printf '%s' \"$0\"; exit 1", self.said]

    def run(self, *command: str, **_: Any) -> subprocess.CompletedProcess[str]:
        self.ran.append(command)
        return subprocess.CompletedProcess(command, 0)

    said = ""


@pytest.mark.skipif("sys.platform == 'win32'", reason="a POSIX shell")
def test_a_plain_user_needs_nothing_but_the_line_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "_os_release", lambda: {"ID": "debian"})
    line = machine.mending_line(["libGL.so.1"], font=True)
    here = Machine()
    tried = bare.Tried(bare.Machine.of("12-user-nogit-none"), cast(BareRoot, here))
    here.said = f"the system lacks libGL.so.1; this installs it:\n\n    {line}\n\nnothing more"
    tried.bring_libraries()
    (ran,) = here.ran
    assert ran[:2] == ("apt-get", "install")
    assert {"libgl1", "fonts-noto-cjk"} <= set(ran)
    here.said = "Segmentation fault"
    with pytest.raises(AssertionError, match="no line"):
        tried.bring_libraries()
