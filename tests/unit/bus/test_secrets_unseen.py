"""What holds a secret does not show it where it is printed: in a log, in a trace, in an error's words."""

from __future__ import annotations

import importlib
import pkgutil
import re
from typing import Any, Final

import msgspec
import pytest

import liveconsole.bus
import liveconsole.messages
from liveconsole.bus.sharing.certificates import KeptStudio
from liveconsole.bus.sharing.seats_kept import SeatsFile
from liveconsole.messages.joining import JoinAsked, JoinCode

_SECRET: Final = re.compile(r"(?:^|_)(?:token|tokens|secret|seed|password|proof_key)$")
_VALUE: Final = "s3cr3t-v4lu3"


def _holders() -> list[type]:
    """Every struct and tuple of the bus and of its words with a field that is named as a secret is."""
    modules = [
        importlib.import_module(info.name)
        for package in (liveconsole.bus, liveconsole.messages)
        for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    ]
    own = [
        one
        for module in modules
        for one in vars(module).values()
        if isinstance(one, type) and one.__module__ == module.__name__
    ]
    return [one for one in own if any(map(_SECRET.search, _fields(one)))]


def _fields(one: type) -> tuple[str, ...]:
    fields = getattr(one, "__struct_fields__", None) or getattr(one, "_fields", ())
    return tuple(fields) if isinstance(fields, tuple) else ()


def _made(one: type, *secret: str) -> Any:
    """One with a value in its secrets, and nothing in its other fields."""
    values: dict[str, Any] = dict.fromkeys(_fields(one), "")
    for name in (*filter(_SECRET.search, values), *secret):
        values[name] = {"x": _VALUE} if name == "tokens" else _VALUE
    return one(**values)


@pytest.mark.parametrize("one", [*_holders(), JoinAsked], ids=lambda one: str(one.__name__))
def test_it_is_not_printed(one: type) -> None:
    made = _made(one, *(["id"] if one is JoinAsked else []))
    for shown in (repr(made), str(made), f"{[made]}"):
        assert _VALUE not in shown


def test_nor_are_the_keys_of_a_studio_or_what_holds_them() -> None:
    """No field of it is named as a secret is: what it holds are whole files (PEM)."""
    studio = KeptStudio("", "10.0.0.1", {"door": _VALUE})
    for shown in (repr(studio), f"{SeatsFile(studio=studio)}"):
        assert _VALUE not in shown


def test_they_are_found() -> None:
    names = {one.__name__ for one in _holders()}
    assert {"Access", "SeatCredential", "BrokerAt", "Discovery", "JoinAnswer", "JoinCode", "SeatAsk"} <= names


def test_the_twin_prints_it() -> None:
    class Open(msgspec.Struct):
        token: str

    assert _VALUE in repr(Open(_VALUE))
    assert "token" not in repr(JoinCode("10.0.0.1", 1, b"", b"token"))
