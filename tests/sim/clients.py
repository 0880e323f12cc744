"""How programs talk to the engine: seats give up after a few tries, producers never do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import Any

import msgspec
from msgspec import Struct

from liveconsole.messages.inputs import CommandAnswer, FactsAnswer
from tests.sim.broken import must
from tests.sim.platform import MS, SECOND
from tests.sim.world import Request, World

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder().decode

Answered = Callable[[dict[str, Any]], None]


class Asking(Struct):
    id: str
    body: bytes
    role: str
    tries: int
    then: Answered | None
    over: bool = False
    attempt: int = 0


class Commands:
    """Commands of everybody, each under an id of its own; the same id goes out again until it is answered."""

    def __init__(self, world: World, dice: Random) -> None:
        self._world = world
        self._dice = dice
        self._numbers = 0
        self.waiting: dict[str, Asking] = {}
        self._answered: list[tuple[str, bytes, str]] = []

    def ask(
        self,
        role: str,
        type_: str,
        data: dict[str, Any],
        then: Answered | None = None,
        *,
        tries: int = 5,
    ) -> None:
        self._numbers += 1
        id_ = f"{role[0]}{self._numbers}"
        body = _encode({"id": id_, "type": type_, "data": data})
        asking = self.waiting[id_] = Asking(id_, body, role, tries, then)
        self._try(asking)
        faults = self._world.faults
        if faults.strikes("seat.double"):
            self._world.later(self._dice.randint(0, 150) * MS, self._once_more, id_, body, role)
        if faults.strikes("seat.id_reused"):
            other = _encode({"id": id_, "type": type_, "data": {**data, "again": True}})
            self._world.later(self._dice.randint(10, 4_000) * MS, self._reuse, id_, other, role)

    def _try(self, asking: Asking) -> None:
        if asking.over:
            return
        if asking.tries == 0:
            asking.over = True
            self.waiting.pop(asking.id, None)
            return
        asking.tries -= 1
        asking.attempt += 1
        number = asking.attempt

        def answered(code: str, answer: Any) -> None:
            self._hear(asking, number, code, answer)

        self._world.send(Request("command", asking.body, asking.role, answered))
        self._world.later(3 * SECOND, self._timeout, asking, number)

    def _timeout(self, asking: Asking, number: int) -> None:
        if not asking.over and asking.attempt == number:
            self._try(asking)

    def _hear(self, asking: Asking, number: int, code: str, answer: Any) -> None:
        if code:
            if not asking.over and asking.attempt == number:
                asking.attempt += 1
                self._world.later(self._dice.randint(200, 900) * MS, self._try, asking)
            return
        self._check(asking.id, asking.body, answer)
        if asking.over:
            return
        asking.over = True
        self.waiting.pop(asking.id, None)
        said = _decode(answer.body) if answer.body else {"ok": False, "code": answer.code}
        self._world.note("answer", asking.id, asking.role, asking.body[:160], "→", answer.code or "ok")
        if answer.code != "forbidden":
            self._answered.append((asking.id, asking.body, asking.role))
        if asking.then is not None:
            asking.then(said)
        if self._world.faults.strikes("seat.asks_again"):
            after = self._dice.randint(100, 30_000) * MS
            self._world.later(after, self._once_more, asking.id, asking.body, asking.role)

    def _check(self, id_: str, body: bytes, answer: CommandAnswer) -> None:
        guard = self._world.checker.guard
        guard(must, not answer.conflict, "the same command was taken for another", id_)
        guard(must, answer.code != "bug", "a bug in the rules", id_, body)
        kept = answer.code != "forbidden" or id_ in self._world.disk.answers
        guard(lambda: self._world.checker.answered(id_, body, answer.body, durable=kept))

    def _once_more(self, id_: str, body: bytes, role: str) -> None:
        """The same press again: the same answer, and nothing more."""

        def answered(code: str, answer: Any) -> None:
            if not code:
                self._check(id_, body, answer)

        self._world.send(Request("command", body, role, answered))

    def _reuse(self, id_: str, body: bytes, role: str) -> None:
        """Another press under a used id: refused, and nothing done."""
        if id_ not in self._world.checker.acked:
            return

        def answered(code: str, answer: Any) -> None:
            if not code:
                self._world.checker.guard(
                    must,
                    answer.conflict or answer.code == "forbidden",
                    "an id was taken for two commands",
                    id_,
                    answer,
                )

        self._world.send(Request("command", body, role, answered))

    def again(self, count: int) -> None:
        """Old commands once more, as a seat does that lost its memory."""
        for id_, body, role in self._answered[-200 :: max(1, len(self._answered[-200:]) // count)]:
            self._once_more(id_, body, role)


class Producer:
    """A program that posts facts and keeps every one until the engine has said that it has it."""

    def __init__(self, world: World, source: str, dice: Random) -> None:
        self._world = world
        self.source = source
        self._dice = dice
        self._numbers = 0
        self.outbox: list[dict[str, Any]] = []
        self.sent: list[dict[str, Any]] = []
        """What was acknowledged, to be sent again by mistake."""
        self._posting = 0
        self._scheduled = False

    def tell(self, type_: str, data: dict[str, Any]) -> dict[str, Any]:
        """A fact, in the next post."""
        self._numbers += 1
        event = {
            "specversion": "1.0",
            "id": f"{self._numbers}",
            "source": self.source,
            "type": type_,
            "data": data,
        }
        self.outbox.append(event)
        if len(self.outbox) > 1 and self._world.faults.strikes("producer.out_of_order"):
            place = self._dice.randrange(len(self.outbox))
            self.outbox[place], self.outbox[-1] = self.outbox[-1], self.outbox[place]
        if self._world.faults.strikes("producer.second_later"):
            self._world.later(SECOND, self._post, [event])
        self._soon()
        return event

    def _soon(self, after: int = 0) -> None:
        if not self._scheduled:
            self._scheduled = True
            self._world.later(after or self._dice.randint(1, 250) * MS, self._flush)

    def _flush(self) -> None:
        self._scheduled = False
        if self.outbox:
            self._post(self.outbox[:40], keep=True)

    def resend(self, count: int) -> None:
        """Facts that were acknowledged long ago."""
        if self.sent:
            self._post([self._dice.choice(self.sent) for _ in range(count)])

    def _post(self, events: Sequence[dict[str, Any]], *, keep: bool = False) -> None:
        batch, bad = list(events), set()
        faults = self._world.faults
        if faults.strikes("producer.poison"):
            place = self._dice.randint(0, len(batch))
            batch.insert(place, self._dice.choice(_POISON))
            bad.add(place)
        if self.sent and faults.strikes("producer.id_reused"):
            old = self._dice.choice(self.sent)
            bad.add(len(batch))
            batch.append({**old, "data": {**old["data"], "other": self._dice.random()}})
        if faults.strikes("producer.twice"):
            batch += batch[:2] if not bad else []
        over = False

        def answered(code: str, answer: Any) -> None:
            nonlocal over
            if not code:
                self._hear(batch, bad, answer)
            over, first = True, not over
            if keep and first:
                if code:
                    self._soon(self._dice.randint(200, 900) * MS)
                else:
                    ids = {event["id"] for event in batch}
                    self.sent += [event for event in self.outbox if event["id"] in ids]
                    self.outbox = [event for event in self.outbox if event["id"] not in ids]
                    if self.outbox:
                        self._soon()

        def timeout() -> None:
            nonlocal over
            if not over:
                over = True
                self._soon()

        self._world.send(Request("events", _encode(batch), "producer", answered))
        if keep:
            self._world.later(4 * SECOND, timeout)
        if faults.strikes("producer.twice"):
            self._world.send(Request("events", _encode(batch), "producer", answered))

    def _hear(self, batch: list[dict[str, Any]], bad: set[int], answer: FactsAnswer) -> None:
        checker = self._world.checker
        refused = {problem.index for problem in answer.refused}
        checker.guard(
            must, refused == bad, "other facts were refused than the bad ones", refused, bad, answer
        )
        told = answer.accepted + answer.duplicates + len(answer.refused)
        checker.guard(must, told == len(batch), "a post was not answered in full", answer, len(batch))
        good = [(e["source"], e["id"]) for place, e in enumerate(batch) if place not in bad]
        checker.guard(checker.accepted, good, answer.seq)
        self._world.note(
            "post", self.source, len(batch), answer.accepted, answer.duplicates, len(answer.refused)
        )


_POISON: list[dict[str, Any]] = [
    {"specversion": "1.0", "id": "bad", "source": "/shop", "type": "order.exploded", "data": {}},
    {"specversion": "1.0", "id": "bad", "source": "/shop", "type": "order.paid", "data": {"order_id": 7}},
    {
        "specversion": "1.0",
        "id": "bad",
        "source": "/shop",
        "type": "order.paid",
        "data": {"order_id": "x", "paid_fen": -1},
    },
    {"specversion": "1.0", "id": "", "source": "/shop", "type": "comment.posted", "data": {}},
    {
        "specversion": "0.3",
        "id": "bad",
        "source": "/shop",
        "type": "order.closed",
        "data": {"order_id": "x", "reason": ""},
    },
]
