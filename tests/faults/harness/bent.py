"""Guards taken out of an engine, by name, in the process that calls them: the twins run on these."""

from __future__ import annotations

import itertools
import os
import threading
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from msgspec import structs

from liveconsole.cli import running, serve
from liveconsole.connectors.rehearsal import client, platform, scenario
from liveconsole.domain import draw, evolve, fire
from liveconsole.domain import take as taking
from liveconsole.engine import chance, clock, core, dispatch, followers, kept_answers, outcome, upkeep
from liveconsole.store import cipher, cipher_store, opening, store
from liveconsole.store.errors import StoreError

try:
    from liveconsole.store.postgres import leading
    from liveconsole.store.postgres import opening as postgres_opening
    from liveconsole.store.postgres import store as postgres_store
except ImportError:  # without its driver no test bends it
    leading = None  # type: ignore[assignment, unused-ignore]

# Not guards: the platform beside the engines -------------------------------------------------------


def platform_outlives() -> None:
    """The platform is a program that the test started; as a real one, it does not end with an engine."""

    async def find(self: client.PlatformClient) -> platform.PlatformAddress | None:
        self._found = platform.look_up(self._folder)
        return self._found

    client.PlatformClient._find = find  # type: ignore[method-assign]


def prompt_platform() -> None:
    """It does what it is asked and says so at once."""
    _behave(scenario.Behaviour(seconds=(0.0, 0.0)))


def slow_platform() -> None:
    """It does what it is asked and says so a moment later."""
    _behave(scenario.Behaviour(seconds=(0.3, 0.3)))


def _behave(behaviour: scenario.Behaviour) -> None:
    class Only:
        platform = behaviour

    scenario.load = lambda name: Only()  # type: ignore[assignment, misc]


def checkpoints_always() -> None:
    """The -wal file is copied into the store between nearly all commits."""
    upkeep.CHECKPOINT_PAGES = 8  # type: ignore[misc]


# Guards taken out ----------------------------------------------------------------------------------


def answer_before_the_disk() -> None:
    """A commit is acknowledged and kept for later."""

    def later(self: store.Store, write: Any) -> None:
        return None

    store.Store.commit = later  # type: ignore[method-assign]


def ask_anew() -> None:
    """An effect that may have been sent is sent again, under a key of this process."""
    ask = client.PlatformClient.ask

    async def asked(self: client.PlatformClient, effect: Any) -> dispatch.PlatformSaid:
        return await ask(self, structs.replace(effect, key=f"{effect.key}-{os.getpid()}"))

    client.PlatformClient.ask = asked  # type: ignore[method-assign]
    client.PlatformClient.query = asked  # type: ignore[method-assign]


def forget_answers() -> None:
    """No answer is kept: every command is taken for a new one."""
    store.Store.answers = lambda self, ids: {}  # type: ignore[method-assign]
    keep = store.Store._keep_beside

    def nothing_kept(self: store.Store, c: Any, write: Any) -> None:
        keep(self, c, replace(write, answers=[]))

    store.Store._keep_beside = nothing_kept  # type: ignore[method-assign]


def secret_in_memory() -> None:
    """The random value of a draw is not kept with its promise, and the promise is not checked."""
    chance.KeptChance.secret = lambda self, draw_id: os.urandom(32)  # type: ignore[method-assign]

    class Agreed(str):
        __slots__ = ()

        def __ne__(self, other: object) -> bool:
            return False

    draw.commitment = lambda value: Agreed("0" * 64)


def not_synced() -> None:
    """synchronous=NORMAL: a commit is not on disk when it is acknowledged."""
    prepare = cipher.CipherFile._prepare

    def loose(self: cipher.CipherFile, raw: Any, record: Any) -> None:
        prepare(self, raw, record)
        raw.execute("PRAGMA synchronous=NORMAL")

    cipher.CipherFile._prepare = loose  # type: ignore[assignment, method-assign]


def nothing_refused_by_the_disk() -> None:
    """A full disk is not told."""
    commit = store.Store.commit

    def silent(self: store.Store, write: Any) -> None:
        try:
            commit(self, write)
        except StoreError:
            return

    store.Store.commit = silent  # type: ignore[method-assign]


def no_lease() -> None:
    """Any number of engines on one folder."""

    class Free:
        def __init__(self, folder: Path) -> None:
            pass

        def release(self) -> None:
            pass

    serve.Lease = Free  # type: ignore[assignment, attr-defined]


def no_fence() -> None:
    """An engine appends wherever the log ends by now."""
    cipher_store._LAST = "SELECT 0, x''"
    real = store._event_rows
    commit = store.Store.commit
    counter = itertools.count()

    def at_the_end(self: store.Store, write: Any) -> None:
        commit(self, replace(write, expected_seq=0))

    def rows(events: Any, seq: int, link: bytes, types: Any, sources: Any) -> Any:
        # beyond whatever the other engine writes
        return real(events, 1_000_000 + next(counter) * 1_000, link, types, sources)

    store._event_rows = rows
    store.Store.commit = at_the_end  # type: ignore[method-assign]


def remake_what_is_damaged() -> None:
    """A store that cannot be read is replaced by a fresh one."""
    real = opening.open_store

    def made_anew(folder: Path, **more: Any) -> Any:
        try:
            return real(folder, **more)
        except StoreError:
            for name in ("room.db", "room.db-wal", "room.db-shm"):
                (folder / name).unlink(missing_ok=True)
            return real(folder, **more)

    serve.open_store = made_anew  # type: ignore[attr-defined]
    opening.is_lost = lambda folder: False  # which would miss what was thrown away


def wait_for_everybody() -> None:
    """A follower's queue has no bound."""
    followers.LAG_LIMIT = followers.LAG_BYTES = 10**9  # type: ignore[attr-defined, misc]


def one_bad_takes_all() -> None:
    """A post that meets a bug is refused as a whole."""
    core.RoomCore._halved = lambda self, one, now: outcome.Outcome(  # type: ignore[assignment, method-assign]
        [kept_answers.of_bug(one, self.seq)], outcome.Committed(self.seq + 1, [], [])
    )


def as_nobody() -> None:
    """Not a guard: the rights of a user who owns nothing."""
    os.setgid(65534)
    os.setuid(65534)


# The clock, set from outside -----------------------------------------------------------------------

CLOCK = "LIVECONSOLE_TEST_CLOCK"
"""Names a file with two numbers: by how many seconds the wall, and the clock that counts sleep, stand off."""


def clock_from_file() -> None:
    """Not a guard: both clocks of the machine, shifted as the file says."""
    path = Path(os.environ[CLOCK])

    def off(which: int) -> int:
        return int(float(path.read_text("utf-8").split()[which]) * 1e9)

    running.Clock = lambda: clock.Clock(  # type: ignore[assignment, attr-defined, misc]
        wall=lambda: time.time_ns() + off(0), steady=lambda: time.monotonic_ns() + off(1)
    )


def deadlines_by_the_wall() -> None:
    """The engine's time is whatever the wall clock says."""
    clock.Clock._now = lambda self: self._wall()  # type: ignore[method-assign]


def repaired_moves_nothing() -> None:
    """The room's time is set right, and what the wrong one had set stays."""
    evolve.FOLDS["clock.repaired"] = lambda *_: None


def asleep_is_no_time() -> None:
    """The steady clock stands still while the machine sleeps."""
    path = Path(os.environ[CLOCK])
    running.Clock = lambda: clock.Clock(  # type: ignore[assignment, attr-defined, misc]
        wall=lambda: time.time_ns() + int(float(path.read_text("utf-8").split()[0]) * 1e9),
        steady=time.monotonic_ns,
    )


def fires_however_late() -> None:
    """A missed moment fires by itself."""
    fire.LATE_AFTER = timedelta(days=1)  # type: ignore[misc]


# Two engines of a room in a database ---------------------------------------------------------------


def short_lease() -> None:
    """Not a guard: half of what engines use, so that a test waits half as long."""
    words = leading.Leadership.__init__.__kwdefaults__
    assert words is not None
    words["ttl"] = leading.TTL / 2
    leading.MARGIN /= 2  # type: ignore[misc]


def machine_stands_off() -> None:
    """Not a guard: the clock of this machine is wrong by as many seconds as a file says."""

    def of_machine(**words: Any) -> clock.Clock:
        off = int(float(Path(os.environ[CLOCK]).read_text("utf-8").split()[0]) * 1e9)
        return clock.Clock(**{"wall": lambda: time.time_ns() + off, **words})

    running.Clock = of_machine  # type: ignore[assignment, attr-defined]


def goes_by_its_own_clock() -> None:
    """The room's time is the machine's, whoever leads it."""
    of_machine = running.Clock  # type: ignore[attr-defined]
    running.Clock = lambda **_: of_machine()  # type: ignore[assignment, attr-defined]


def asks_whatever_the_lease() -> None:
    """A question to a platform goes out, whoever leads by now."""
    leading.Leadership.may_ask = lambda self: True  # type: ignore[method-assign]
    leading.Leadership._lose = lambda self, lost: None  # type: ignore[method-assign]


def opens_slowly() -> None:
    """Not a guard: to open the room takes longer than half a lease."""
    opened = postgres_opening.open_postgres

    def slowly(*words: Any, epoch: int | None = None, **more: Any) -> Any:
        if epoch is not None:
            time.sleep(leading.TTL / 2 + 0.5)
        return opened(*words, epoch=epoch, **more)

    postgres_opening.open_postgres = slowly


def keeps_late() -> None:
    """The lease is renewed once the engine runs, and not from when it was taken."""
    keep = leading.Leadership.keep

    def late(self: leading.Leadership, lost: Any) -> None:
        timer = threading.Timer(leading.TTL / 2 + 0.4, lambda: keep(self, lost))
        timer.daemon = True
        timer.start()

    leading.Leadership.keep = late  # type: ignore[method-assign]


def waits_for_the_network() -> None:
    """Nobody looks at the age of the lease while its renewal waits for an answer."""
    leading.Leadership._watching = lambda self, lost: None  # type: ignore[method-assign]


# Identity and poison -------------------------------------------------------------------------------


def knows_ids_for_a_while() -> None:
    """(source, id) is known by this process only, as by a broker's window; the table does not insist."""
    seen: dict[tuple[str, str], bytes] = {}
    commit, making = store.Store.commit, store.Store.__init__

    def begun(self: store.Store, *words: Any) -> None:
        making(self, *words)
        with self._file.writing() as c:
            c.exec_driver_sql("DROP INDEX IF EXISTS event_input")

    def kept(self: store.Store, write: Any) -> None:
        commit(self, write)
        seen.update({(row.source, row.id): row.digest for row in write.events if row.source})

    store.Store.__init__ = begun  # type: ignore[assignment, method-assign]
    store.Store.commit = kept  # type: ignore[method-assign]
    store.Store.known = lambda self, keys: {  # type: ignore[method-assign]
        key: seen[key] for key in keys if key in seen
    }


def orders_must_be_placed_first() -> None:
    """What comes before its order is not kept."""
    take = taking.take

    def only_known(room: Any, facts: Any, *more: Any) -> Any:
        for fact in facts:
            order_id = getattr(fact.data, "order_id", None)
            if order_id and fact.type != "order.placed" and order_id not in room.orders:
                raise LookupError(order_id)
        return take(room, facts, *more)

    core.take = only_known  # type: ignore[assignment,attr-defined]


def bug_in_a_rule() -> None:
    """Not a guard: comments with a certain word meet a bug in the rules."""
    take = taking.take

    def poisoned(room: Any, facts: Any, *more: Any) -> Any:
        if any("毒" in getattr(fact.data, "text", "") for fact in facts):
            raise ZeroDivisionError("a bug")
        return take(room, facts, *more)

    core.take = poisoned  # type: ignore[assignment,attr-defined]


def seats_in_the_folder() -> None:
    """Who may come in is known to the engine that let him in, and to no other."""
    postgres_store.PostgresStore.seats = lambda self: None  # type: ignore[assignment, method-assign, return-value]
