"""The one writer of a room, synchronous: inputs in, one commit, answers out. One thread.

The same class runs in the engine on its store thread, in the headless rehearsal and in the simulator on
virtual time.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec

from liveconsole.domain import restored
from liveconsole.domain.context import Chance, Context, Decision
from liveconsole.domain.decide import decide
from liveconsole.domain.drand import Awaited, awaited
from liveconsole.domain.effects import Effect, owed
from liveconsole.domain.roles import denial
from liveconsole.domain.room import FOLD_VERSION, Room
from liveconsole.domain.take import late, take
from liveconsole.domain.tick import next_due, tick
from liveconsole.engine import at_once, books_asked, folding, forgetting, forgotten_list, kept_answers, refill
from liveconsole.engine.asked_orders import OF_THE_BOOKS, Terms, asked_about
from liveconsole.engine.books import KEPT, LeftTheRoom
from liveconsole.engine.chance import KeptChance
from liveconsole.engine.commit_draft import CommitDraft
from liveconsole.engine.fresh_facts import fresh_facts
from liveconsole.engine.outcome import (
    Committed,
    Fenced,
    Outcome,
    Unwritten,
    WriteLost,
    joined,
    one_after_another,
    said_of,
)
from liveconsole.engine.pasts import asked_of
from liveconsole.engine.people import People
from liveconsole.failpoints import failpoint
from liveconsole.messages.care import ClockStepped
from liveconsole.messages.draws import CueDrawn
from liveconsole.messages.envelope import Command, Event, Fact
from liveconsole.messages.events import EVENTS
from liveconsole.messages.inputs import (
    Answer,
    ClockInput,
    CommandAnswer,
    CommandInput,
    FactsAnswer,
    FactsInput,
    Input,
    SentFact,
    answered,
)
from liveconsole.messages.law import LawRules
from liveconsole.messages.membership import MemberFigures
from liveconsole.messages.plays import PlacesClosed
from liveconsole.messages.refusals import Refused
from liveconsole.messages.rights import MAY
from liveconsole.store.errors import CannotWrite, InputTaken, SeqTaken, StoreBroken, StoreError
from liveconsole.store.rows import Denial, Digests, Forgetting, Write
from liveconsole.store.store import Store

log = logging.getLogger(__name__)

_TURNED_AWAY: Final = frozenset({"sold_out", "buyer_limit"})
_TICKS: Final = 1_000
_FORGET: Final = "viewer.forget"
_ALONE: Final = OF_THE_BOOKS | {"clock.repair"}
_encode = msgspec.json.Encoder().encode


class RoomCore:
    """The room in memory and its log. Every input of one `process` is on disk, or none of them happened."""

    def __init__(
        self,
        store: Store,
        *,
        now: datetime,
        chance: Chance,
        simulated: bool = False,
        folded: folding.Folded | None = None,
    ) -> None:
        """``folded``: the room at the end of this log, where it was folded before."""
        if simulated != store.meta.simulated:
            raise ValueError("the store says otherwise about being simulated")
        self._store = store
        self._chance = KeptChance(chance, store)
        self.people = People(store.meta.person_key, store)
        self._digests = Digests(store.meta.person_key)
        self.room: Room
        self._folded: set[str] = set()
        self._is_ahead = False
        self._has_past = False
        self._snapshot_seq = self._unsaved_from = 0
        if not refill.is_done(store):
            refill.refill(store)
            folded = None
        self._has_past = store.has_past_orders()
        if folded is None:
            self._same = folding.said_lately(store)
            self._refold()
        else:
            self.room, self._same = folded
            self._snapshot_seq = store.snapshot_seq(FOLD_VERSION)
            self._folded.update(EVENTS)
        self._latest = max(now, self.room.at or now)
        self.looked_through: dict[str, tuple[list[int], int]] = {}
        """Id of a ``viewer.forget`` → facts that may name him, and up to where the log was looked through: on
        another thread, so that the writer has only the rest to do."""
        self.wall: Callable[[], datetime] = lambda: self._latest
        """The computer's time, which the engine's may be ahead of."""
        self.law: Callable[[], LawRules | None] = lambda: None
        """The rules of law as their files say them."""
        self.figures: Callable[[], MemberFigures] = MemberFigures
        """What members go by, as its file says it."""
        self.terms: Terms = lambda _text: ()
        """Words in a text that the lists of its files say no to."""
        self.forgot = 0
        """How many people since it began: whoever keeps names lets all of them go when it grows."""
        self._go_on()
        self.turned_away: Counter[str] = Counter()
        """Sale → requests answered ``sold_out`` or ``buyer_limit`` since `began`, which a restart is too."""
        self.began = self._latest

    @property
    def seq(self) -> int:
        """The log's last seq."""
        return self.room.seq

    def take_folded(self) -> set[str]:
        """Types of the events that were folded since the last call; all where the room is a new one."""
        folded, self._folded = self._folded, set()
        return folded

    def next_due(self) -> datetime | None:
        """Tell when `tick` has something to do."""
        return next_due(self.room)

    def owed(self) -> list[Effect]:
        """Return what the platform has not answered."""
        return owed(self.room)

    def awaited(self) -> list[Awaited]:
        """Return the public values that closed bags wait for."""
        return awaited(self.room)

    def tick(self, now: datetime) -> Outcome:
        """One commit of what is due at ``now``."""
        return self.process((), now)

    def process(self, inputs: Sequence[Input], now: datetime) -> Outcome:
        """One commit. What is due comes before the inputs, and what they made due comes after them.

        Raises:
            Fenced: another engine writes this log.
            WriteLost: the store is broken; what became of the batch stands on disk only.
            Unwritten: the disk did not take it, or could not be read; nothing happened.

        Time never goes back: an earlier ``now`` than the log's last counts as that one.
        """
        self.fold_again()
        now = self._latest = max(now, self._latest)
        if len(inputs) > 1 and any(map(_goes_alone, inputs)):
            # In a commit of its own: what names him stands on disk by then, and time goes back between two.
            outcomes = []
            for one in inputs:
                outcomes.append(self.process((one,), now))
                now = min(now, self._latest)
            return one_after_another(outcomes)
        try:
            return self._process(inputs, now)
        except (Fenced, WriteLost, Unwritten):
            raise
        except (StoreBroken, CannotWrite) as error:  # of a question: no fault of the inputs
            raise self._untaken(error) from error
        except Exception:
            self.fold_again(anyway=True)
            if not inputs:
                raise
            log.exception("a batch of %d inputs failed with a bug: they are taken one by one", len(inputs))
        return one_after_another([self._alone(one, now) for one in inputs])

    def deny(self, role: str, what: str, now: datetime) -> None:
        """Keep beside the log that a role was refused at the door, where the store takes it: whoever was
        refused is refused all the same."""
        try:
            self._store.commit(Write(self.room.seq, denials=[Denial(role, what[:200], now, "forbidden")]))
        except StoreError as error:
            log.warning("a refusal at the door is not kept: %s", error)

    @property
    def unsaved(self) -> int:
        """Events behind the newest snapshot, or behind the last that the disk did not take."""
        return self.room.seq - max(self._snapshot_seq, self._unsaved_from)

    def save(self) -> None:
        """Keep a snapshot, so that the next start folds nothing."""
        if self.room.seq > self._snapshot_seq:
            folding.save(self._store, self.room)
            self._snapshot_seq = self.room.seq

    def try_save(self) -> None:
        """The same, if the disk takes it; the next start folds more where it does not."""
        try:
            self.save()
        except Exception as error:  # also of a room that cannot be written down: the log has everything
            log.warning("no snapshot: %s", error, exc_info=not isinstance(error, StoreError))
            self._unsaved_from = self.room.seq

    def _alone(self, one: Input, now: datetime) -> Outcome:
        try:
            return self._process((one,), now)
        except (Fenced, WriteLost, Unwritten):
            raise
        except (StoreBroken, CannotWrite) as error:  # of a question: no fault of the inputs
            raise self._untaken(error) from error
        except Exception:
            self.fold_again(anyway=True)
            if isinstance(one, FactsInput) and len(one.facts) > 1:
                return self._halved(one, now)
            log.exception("one input failed with a bug and is refused")
            return Outcome([kept_answers.of_bug(one, self.seq)], Committed(self.seq + 1, [], []))

    def _halved(self, posted: FactsInput, now: datetime) -> Outcome:
        """One bad fact does not take the others of its post with it."""
        half = len(posted.facts) // 2
        first = FactsInput(posted.facts[:half], posted.problems, posted.more)
        outcomes = [self._alone(part, now) for part in (first, FactsInput(posted.facts[half:]))]
        answers = [a for outcome in outcomes for a in outcome.answers if isinstance(a, FactsAnswer)]
        accepted, duplicates = sum(a.accepted for a in answers), sum(a.duplicates for a in answers)
        problems, more = [p for a in answers for p in a.refused], sum(a.refused_more for a in answers)
        return Outcome([answered(accepted, duplicates, problems, self.seq, more)], joined(outcomes))

    def _process(self, inputs: Sequence[Input], now: datetime) -> Outcome:
        work = CommitDraft(
            self.room.seq, now, books_asked.left(self.room, self._store, inputs, past=self._has_past)
        )
        work.pasts = asked_of(self.room, self.people, self._store, inputs, self.figures().levels)
        work.known = asked_about(self.room, self._store, inputs, self.terms)
        seen = self._known(inputs)
        old = self._store.answers([one.id for one in inputs if isinstance(one, CommandInput) and one.id])
        answers: list[Answer | None] = []
        self._due(work)
        for one in inputs:
            match one:
                case FactsInput():
                    answers.append(self._facts(work, one, seen))
                case CommandInput():
                    answers.append(self._command(work, one, old))
                case ClockInput(seconds=seconds):
                    self._apply(work, [Event("clock.stepped", now, "clock", ClockStepped(seconds))])
                    answers.append(None)
        self._due(work)
        self._commit(work)
        self.turned_away.update(work.turned_away)
        types = work.types
        self._folded.update(types)
        if self.turned_away and "broadcast.opened" in types:
            here = self.room.cues
            self.turned_away = Counter({c: n for c, n in self.turned_away.items() if c in here})
        return Outcome(answers, Committed(work.first, types, work.door_lines(self.people), work.size))

    def _commit(self, work: CommitDraft) -> None:
        if not work.has_anything():
            return
        failpoint("decided", lambda: work.types)
        try:
            self._store.commit(work.write(self.room, self.people.met, self._chance.pending))
        except SeqTaken as error:
            raise Fenced(str(error)) from error
        except InputTaken as error:
            raise Fenced(f"an input was known that we did not know: {error}") from error
        except (StoreBroken, CannotWrite) as error:
            raise self._untaken(error) from error
        failpoint("committed", lambda: work.types)
        self.people.written()
        self._chance.pending.clear()
        if work.forgetting is not None:
            self._has_forgotten(work.forgetting)
        self._has_past = self._has_past or "orders.imported" in work.types
        if "clock.repaired" in work.types:
            self._latest = self.began = self.room.at or work.now
        if self.unsaved >= folding.SNAPSHOT_EVERY * folding.SNAPSHOT_LATEST:
            self.try_save()

    def fold_again(self, *, anyway: bool = False) -> None:
        """Read the room anew where it may be ahead of its log. Raises WriteLost, Unwritten."""
        if not (self._is_ahead or anyway):
            return
        try:
            self._refold()
        except StoreError as error:
            raise said_of(error) from error

    def _untaken(self, error: StoreError) -> WriteLost | Unwritten:
        """Return what a store that failed says to a batch; the room is as before. Raises as `fold_again`."""
        if not isinstance(error, StoreBroken):
            self.fold_again(anyway=True)
        return said_of(error)

    def _refold(self) -> None:
        self._is_ahead = True
        self.people.forget_unwritten()
        self._chance.pending.clear()
        self.room, self._snapshot_seq = folding.fold(self._store)
        self._is_ahead = False
        self._folded.update(EVENTS)

    def _has_forgotten(self, who: Forgetting) -> None:
        """The snapshots went with him; without one the next start would fold the whole log."""
        self.forgot += 1
        forgotten_list.keep(self._store.folder, self.people.forgotten)
        self._snapshot_seq = 0
        self._same = folding.said_lately(self._store)  # no name and no word of his stays in it
        self.try_save()
        log.info("somebody was forgotten: %d events were changed", len(who.events))

    def _known(self, inputs: Sequence[Input]) -> dict[tuple[str, str], bytes]:
        keys = [(fact.source, fact.id) for one in inputs if isinstance(one, FactsInput) for fact in one.facts]
        return self._store.known(keys) if keys else {}

    def _due(self, work: CommitDraft) -> None:
        for _ in range(_TICKS):
            due = next_due(self.room)
            if due is None or due > work.now:
                return
            failpoint("due")
            events = tick(self.room, work.now, self._chance)
            if not events:
                return
            self._apply(work, events)
        raise RuntimeError("time never settles: something is always due")

    def _apply(self, work: CommitDraft, events: Sequence[Event]) -> None:
        number = msgspec.structs.force_setattr
        in_books = False
        for seq, event in enumerate(events, self.room.seq + 1):
            number(event, "seq", seq)
            if event.type == "clock.repaired":  # nothing is due any more that was by the wrong time
                work.now = event.at
            if isinstance(event.data, CueDrawn | PlacesClosed):
                event.data.receipt["chain"] = self._chain()
            in_books = in_books or event.type in KEPT
        if in_books:
            for event in events:
                work.books.take(self.room, event)
        else:
            self.room = folding.onto(self.room, events)
        work.events.extend(events)

    def _go_on(self) -> None:
        """What a restore from a backup means stands on the log before anything that is due, once."""
        if self._store.meta.epoch <= self.room.epoch or self._store.has_begun():
            return
        work = CommitDraft(self.room.seq, self._latest, LeftTheRoom())
        ctx = Context(self._latest, "clock", self._chance)
        head = self._store.log_head().link
        self._apply(work, restored.go_on(self.room, self._store.meta.epoch, head, ctx))
        self._commit(work)
        self._store.begin()

    def _chain(self) -> dict[str, Any]:
        """Return where the log ends on disk: a receipt names it, so that no other log can have led to it."""
        seq, link = self._store.log_head()
        return {"seq": seq, "head": link}

    def _facts(
        self, work: CommitDraft, posted: FactsInput, seen: dict[tuple[str, str], bytes]
    ) -> FactsAnswer:
        problems = list(posted.problems)
        fresh = fresh_facts(posted.facts, seen, problems, self._digests.of)
        duplicates = len(posted.facts) - len(fresh) - len(problems) + len(posted.problems)
        work.sent += fresh
        take_in = self.people.take_in
        facts = [
            Fact(sent.source, sent.id, sent.type, sent.time, *take_in(sent), self._is_double(sent, work.now))
            for sent, _ in fresh
        ]
        run: list[Fact] = facts
        if not books_asked.ALONE.isdisjoint({fact.type for fact in facts}):
            run = []
            for fact in facts:
                if fact.type in books_asked.ALONE:
                    self._take(work, run)
                    self._take_alone(work, fact)
                    run = []
                else:
                    run.append(fact)
        self._take(work, run)
        return answered(len(fresh), duplicates, problems, self.room.seq, posted.more)

    def _is_double(self, sent: SentFact, now: datetime) -> bool:
        return sent.type == "comment.posted" and self._same.is_double(sent, now)

    def _take(self, work: CommitDraft, facts: list[Fact]) -> None:
        if facts:
            self._apply(work, take(self.room, facts, work.now, self._chance, work.pasts))

    def _take_alone(self, work: CommitDraft, fact: Fact) -> None:
        number = work.books.left.number_of(self.room, fact.data)
        if number is None:
            self._take(work, [fact])
        else:
            self._apply(work, [late(fact, work.now, number)])

    def _forget(self, work: CommitDraft, asked: CommandInput) -> Refused | None:
        """Put into the commit what goes with him, and take it out of the room in memory."""
        looked = self.looked_through.pop(asked.id, ([], 0))
        whom = forgetting.whom(self.people, asked.data)
        found = forgetting.found(self._store, whom, looked) if whom is not None else None
        by_name = whom is not None and whom.by_name and found is not None and bool(found.events)
        if whom is None or not (whom.known or by_name or asked.role == "platform"):
            return Refused("unknown_viewer")
        work.forgetting = found
        self.people.forget(whom.pid)
        self.room = forgetting.room_without(self.room, whom.mentions)
        return None

    def _command(
        self, work: CommitDraft, asked: CommandInput, old: dict[str, tuple[bytes, bytes]]
    ) -> CommandAnswer:
        if asked.id and asked.id in old:
            body_hash, kept = old[asked.id]
            if body_hash == asked.body_hash:
                return kept_answers.given(self.people, kept)
            # Another body or another role's: whoever may not do this is told that, whatever stands there.
            data = asked.data if isinstance(asked.data, Mapping) else {}
            if (denied := denial(self.room, asked.role, asked.type, data)) is None:
                return CommandAnswer(False, b"", "id_reused", conflict=True)
            work.denials.append(Denial(asked.role, asked.type[:200], work.now, denied.code))
            return CommandAnswer(False, kept_answers.no(denied), denied.code)
        refused = at_once.refused_at_once(asked, work.now)
        if refused is None:
            data = self.people.ask_in(asked.type, asked.data)
            if asked.type == "cue.fire":
                data = forgetting.expected(self.people, self.room, data)
            if asked.type == "clock.repair":
                data = {"wall": self.wall()}
            command = Command(asked.id, asked.type, data, asked.role)
            decision = decide(
                self.room, command, work.now, self._chance, work.pasts, work.known, figures=self.figures()
            )
            if isinstance(decision, Decision):
                decision = at_once.taken_before(asked, work.books.left) or decision
                decision = books_asked.after_books(asked.type, decision, self.room, work.books.left)
                if asked.type == _FORGET:
                    decision = self._forget(work, asked) or decision
        else:
            decision = refused
        if isinstance(decision, Refused):
            if decision.code == "forbidden":
                work.denials.append(Denial(asked.role, asked.type[:200], work.now, decision.code))
                if asked.type not in MAY.get(asked.role, ()):
                    # So it is for ever, whatever the room: nothing to keep, and nobody else's id is used up.
                    return CommandAnswer(False, kept_answers.no(decision), decision.code)
            if decision.code in _TURNED_AWAY and (cue_id := decision.params.get("cue_id")) is not None:
                work.turned_away.append(cue_id)
            kept = kept_answers.no(decision)
        else:
            first = at_once.rules_first(self.room, asked, decision, self.law(), work.now)
            events = [*first, *decision.events]
            self._apply(work, [*events, *at_once.given_by(asked, events, work.now)])
            kept = _encode({"ok": True, "seq": self.room.seq, "result": decision.result})
            self._due(work)
        if asked.body_hash:
            work.answers[asked.id] = (asked.body_hash, kept)
            old[asked.id] = (asked.body_hash, kept)
        return kept_answers.given(self.people, kept)


def _goes_alone(one: Input) -> bool:
    return isinstance(one, CommandInput) and (one.type == _FORGET or one.type in _ALONE)
