"""K2.5 at a real engine: what the room asks is counted once, for every seat, whenever it joined."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.contract.engine_process import EngineProcess, event

Make = Callable[..., EngineProcess]


def said(running: EngineProcess, *lines: tuple[str, str]) -> None:
    first = running.seq()
    facts: list[Any] = [
        event(f"s{first}-{n}", "comment.posted", {"viewer": {"id": who, "name": who}, "text": text})
        for n, (who, text) in enumerate(lines)
    ]
    assert running.post(facts)["accepted"] == len(facts)


def asked(running: EngineProcess, role: str = "host") -> list[tuple[str, int, bool]]:
    told = running.call("GET", "/v1/questions", role=role).json
    assert told["left_out"] == 0
    return [(one["text"], one["people"], one["answered"]) for one in told["questions"]]


def test_every_seat_reads_one_count_and_one_answer_is_everybodys(engine_of: Make) -> None:
    running = engine_of()
    running.done("broadcast.open")
    said(
        running, ("甲", "起球吗"), ("甲", "会不会起球"), ("乙", "起球吗"), ("丙", "多久发货"), ("丁", "好看")
    )
    count = [("起球吗", 2, False), ("多久发货", 1, False)]
    assert asked(running) == count
    said(running, ("戊", "啥时候发货呀"), ("己", "什么时候发货"))
    count = [("多久发货", 3, False), ("起球吗", 2, False)]
    assert asked(running, "host") == asked(running, "assistant") == asked(running, "operator") == count

    running.done("question.answer", text="多久发货")
    assert asked(running, "assistant") == [("起球吗", 2, False), ("多久发货", 0, True)]
    (told,) = running.log(types="question.answered")
    assert told["data"]["text"] == "多久发货"

    running.kill()  # what was asked and answered is on the log: a new engine tells the same
    again = engine_of(folder=running.folder)
    assert asked(again) == [("起球吗", 2, False), ("多久发货", 0, True)]


def test_one_of_both_is_answered(engine_of: Make) -> None:
    running = engine_of()
    for data in ({}, {"text": " "}, {"text": "起球吗", "group": "size"}):
        assert running.command("question.answer", **data)["code"] == "bad_shape"
    running.done("question.answer", group="size")
    assert running.call("GET", "/v1/questions", role="producer").status == 403


def test_who_was_forgotten_is_in_no_question(engine_of: Make) -> None:
    running = engine_of()
    said(running, ("wx-o9x77k", "多少钱"), ("乙", "@wx-o9x77k 起球吗"))
    assert any("wx-o9x77k" in text for text, _, _ in asked(running))
    running.done("viewer.forget", viewer_id="wx-o9x77k")
    shown = asked(running)
    assert len(shown) == 2
    assert not any("wx-o9x77k" in text for text, _, _ in shown)
