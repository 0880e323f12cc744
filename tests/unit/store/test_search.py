"""A search of the log: every comment once, newest page first, bounded in what it looks at."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from liveconsole.store import EventRow, Store, Write, reader

Make = Callable[..., EventRow]


def _put(store: Store, rows: list[EventRow], persons: dict[str, tuple[str, str]] | None = None) -> None:
    store.commit(Write(expected_seq=store.last_seq(), events=rows, persons=persons or {}))


def _texts(lines: list[bytes]) -> list[str]:
    return [json.loads(line)["data"]["text"] for line in lines]


def _all(store: Store, text: str, limit: int = 100) -> tuple[list[str], int]:
    """What all pages find together, in order, and how many pages it took."""
    found: list[str] = []
    before = pages = 0
    while before != 1:
        page = store.search(text, before, limit)
        found = _texts(page.lines) + found
        assert page.before < (before or 10**9)
        before, pages = page.before, pages + 1
    return found, pages


def test_chinese_of_any_length_and_latin_in_any_case_are_found(store: Store, comment: Make) -> None:
    said = ["多少钱", "驼色多好看", "VIP有吗", "vip 呢", "价", "100%棉_真的吗"]
    _put(store, [comment(n, text=text) for n, text in enumerate(said)])
    assert _texts(store.search("多", 0, 9).lines) == ["多少钱", "驼色多好看"]
    assert _texts(store.search("ViP", 0, 9).lines) == ["VIP有吗", "vip 呢"]
    assert _texts(store.search("100%棉_真", 0, 9).lines) == ["100%棉_真的吗"]
    assert _texts(store.search("%", 0, 9).lines) == ["100%棉_真的吗"]
    assert store.search("没有人说过", 0, 9).lines == []


def test_only_what_was_said_is_searched_not_ids_or_other_events(store: Store, comment: Make) -> None:
    opened = EventRow("broadcast.opened", comment(0).at, "host", '{"title":"多少钱"}'.encode())
    _put(store, [opened, comment(1, text="贵", pid="p" + "ab" * 10)])
    assert store.search("ab", 0, 9).lines == []
    assert store.search("viewer", 0, 9).lines == []
    assert store.search("多少钱", 0, 9).lines == []


def test_pages_go_back_and_leave_nothing_out(
    store: Store, comment: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "SEARCH_SPAN", 10)
    _put(store, [comment(n, text=f"第{n}条" + ("贵" if n % 3 == 0 else "")) for n in range(95)])
    wanted = [f"第{n}条贵" for n in range(0, 95, 3)]
    assert _all(store, "贵") == (wanted, 10)
    assert _all(store, "贵", limit=2)[0] == wanted


def test_names_are_joined_and_an_empty_log_is_over_at_once(store: Store, comment: Make) -> None:
    assert store.search("x", 0, 9) == ([], 1, b"")
    pid = "p" + "ab" * 10
    _put(store, [comment(1, text="贵", pid=pid)], {pid: ("wx-1", "小明")})
    found: Any = json.loads(store.search("贵", 0, 9).lines[0])
    assert found["data"]["viewer"] == {"id": "wx-1", "name": "小明"}
    assert store.search("贵", 0, 9).at.startswith(b"2026-11-22T09:00:00")
