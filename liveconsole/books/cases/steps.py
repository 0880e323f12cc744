"""How far cases are: steps that somebody said are done, and those that what was asked of the shop, or the
case's own standing, shows to be done."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

import msgspec
from msgspec import Struct

from liveconsole.advice.after_order import CaseKindCard, StepCard
from liveconsole.books.cases.told import Case
from liveconsole.books.reading import BookReader
from liveconsole.messages.after_order import DECIDES
from liveconsole.messages.answers import ANSWER_LONG, QUESTION_LONG
from liveconsole.messages.cases import AskStatus, BothWords, CaseLesson, CaseStep, ShopAct, ShopAsk
from liveconsole.messages.facts import AFTERSALE_DISPUTED
from liveconsole.store.rows import moment
from liveconsole.views.masks import plain_line

_STEPS: Final = (
    "SELECT case_id, step, done_by, at, seq FROM case_step"
    " WHERE case_id IN (SELECT value FROM json_each(?)) AND done = 1"
)
_ASKS: Final = (
    "SELECT ask_id, order_id, aftersale_id, act, status, at, by_person, amount_fen, settled_at, asked_by,"
    " settled_seq, by_coupon, seq FROM shop_ask WHERE order_id IN (SELECT value FROM json_each(?))"
    " ORDER BY seq"
)
_UNDECIDED: Final = frozenset({"asked", "seller", AFTERSALE_DISPUTED, ""})


class CaseStepDone(Struct, frozen=True):
    by: str
    at: datetime
    seq: int = 0
    """Of the event with its note; 0: there is none."""


class AskedThing(Struct, frozen=True):
    """One thing that was asked of the shop, as the table has it."""

    ask_id: str
    order_id: str
    aftersale_id: str
    act: ShopAct
    status: AskStatus
    at: datetime
    by_person: bool
    amount_fen: int | None
    settled_at: datetime | None
    by: str
    settled_seq: int | None
    coupon: bool
    seq: int
    """Where its words stand on the log."""


class CaseProgress(Struct, frozen=True):
    """Of some cases: steps by case and id, asks by order, oldest first."""

    steps: Mapping[str, Mapping[str, CaseStepDone]]
    asks: Mapping[str, Sequence[AskedThing]]

    def asked(self, case: Case) -> list[AskedThing]:
        """Return what was asked for this case: of an after-sale its own, of an order what names none."""
        return [
            one for one in self.asks.get(case.order.order_id, ()) if one.aftersale_id == case.aftersale_id
        ]


def progress(reader: BookReader, cases: Sequence[Case]) -> CaseProgress:
    """Return how far these are."""
    steps: dict[str, dict[str, CaseStepDone]] = {}
    ids = json.dumps([case.case_id for case in cases])
    for case_id, step, by, at, seq in reader.rows(_STEPS, (ids,)):
        steps.setdefault(case_id, {})[step] = CaseStepDone(by, moment(at), seq)
    asks: dict[str, list[AskedThing]] = {}
    orders = json.dumps(sorted({case.order.order_id for case in cases}))
    for row in reader.rows(_ASKS, (orders,)):
        settled = moment(row[8]) if row[8] is not None else None
        one = AskedThing(
            row[0],
            row[1],
            row[2],
            row[3],
            row[4],
            moment(row[5]),
            bool(row[6]),
            row[7],
            settled,
            row[9],
            row[10],
            bool(row[11]),
            row[12],
        )
        asks.setdefault(one.order_id, []).append(one)
    return CaseProgress(steps, asks)


def done_step(step: StepCard, case: Case, found: CaseProgress) -> CaseStepDone | None:
    """Return when a step was done; None: it is yet to be."""
    said = found.steps.get(case.case_id, {}).get(step.id)
    if said is not None:
        return said
    for ask in found.asked(case):
        if ask.act in step.acts and ask.status == "done":
            return CaseStepDone(ask.by, ask.settled_at or ask.at)
    if case.answered_at is None:
        return None
    if step.acts == ["answer"] or (DECIDES & set(step.acts) and case.status not in _UNDECIDED):
        return CaseStepDone("", case.answered_at)
    return None


def next_step(card: CaseKindCard | None, case: Case, found: CaseProgress) -> StepCard | None:
    """Return the first step that is not done."""
    steps = card.step if card is not None else ()
    return next((step for step in steps if done_step(step, case, found) is None), None)


def notes(reader: BookReader, done: Mapping[str, CaseStepDone]) -> dict[str, str]:
    """Return what was written with the steps of one case; it gives way when somebody in it is forgotten."""
    by_seq = {one.seq: step for step, one in done.items() if one.seq}
    lines = reader.lines_at(sorted(by_seq))
    return {by_seq[line.seq]: line.data.note for line in map(_decode_note, lines) if line.data.note}


def steps_told(
    card: CaseKindCard | None, case: Case, found: CaseProgress, written: Mapping[str, str]
) -> list[CaseStep]:
    """Return the steps of a case, done and to be done."""
    told = []
    for step in card.step if card is not None else ():
        done = done_step(step, case, found)
        told.append(
            CaseStep(
                step.id,
                BothWords(step.zh, step.en),
                BothWords(step.help_zh, step.help_en),
                step.acts,
                step.needs,
                done.at if done is not None else None,
                done.by if done is not None else "",
                written.get(step.id, ""),
            )
        )
    return told


def asks_told(reader: BookReader, asks: Sequence[AskedThing]) -> list[ShopAsk]:
    """Return what was asked, the newest first, with why it was refused."""
    lines = reader.lines_at(sorted(one.settled_seq for one in asks if one.settled_seq is not None))
    why = {line.seq: line.data.reason for line in map(_decode_reason, lines)}
    return [
        ShopAsk(
            one.ask_id,
            one.act,
            one.status,
            one.at,
            one.by_person,
            why.get(one.settled_seq or 0, ""),
            one.amount_fen,
        )
        for one in reversed(asks)
    ]


def lesson(reader: BookReader, case: Case, asks: Sequence[AskedThing]) -> CaseLesson | None:
    """Return what the answer library may keep of a case."""
    question = plain_line(case.reason, QUESTION_LONG)
    answers = [one.seq for one in asks if one.act == "answer"]
    if not question or not answers:
        return None
    (line,) = map(_decode_text, reader.lines_at(answers[-1:]))
    zh = plain_line(line.data.text, ANSWER_LONG)
    return CaseLesson(question, zh, case.order.product_id) if zh else None


class _Text(Struct, frozen=True):
    text: str = ""


class _TextLine(Struct, frozen=True):
    data: _Text


class _Note(Struct, frozen=True):
    note: str = ""


class _NoteLine(Struct, frozen=True):
    seq: int
    data: _Note


class _Reason(Struct, frozen=True):
    reason: str = ""


class _ReasonLine(Struct, frozen=True):
    seq: int
    data: _Reason


_decode_note = msgspec.json.Decoder(_NoteLine).decode
_decode_text = msgspec.json.Decoder(_TextLine).decode
_decode_reason = msgspec.json.Decoder(_ReasonLine).decode
