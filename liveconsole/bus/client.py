"""A client of the engine's door: what the desk, the connectors and the command line use.

One `Client` is one token. It works on any asyncio loop (also qasync's). How its calls travel is behind
`wire.Wire`: HTTP and WebSocket, or NATS.
"""

from __future__ import annotations

import asyncio
import re
import ssl
import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from time import monotonic
from types import TracebackType
from typing import Any, Final, TypeVar, cast
from urllib.parse import quote

import msgspec

from liveconsole.bus.errors import (
    BusError,
    Busy,
    Denied,
    EngineCannotWrite,
    EngineGone,
    OtherVersion,
    Rejected,
    error_of,
)
from liveconsole.bus.http_wire import HttpWire, proof_of
from liveconsole.bus.wire import NOW_HEADER, SEAT_REMOVED, Wire
from liveconsole.messages.connection_acts import ConnectionSaid
from liveconsole.messages.differences import DifferencePage
from liveconsole.messages.joining import CHECKPOINT, EVENTS, Checkpoint
from liveconsole.messages.sharing import SHARE, ShareAct, ShareAnswer
from liveconsole.messages.state import State, StatePart, decode_state
from liveconsole.messages.unreadable import UNREADABLE

__all__ = [
    "NOW_HEADER",
    "SEAT_REMOVED",
    "BusError",
    "Busy",
    "Client",
    "Denied",
    "EngineCannotWrite",
    "EngineGone",
    "OtherVersion",
    "Rejected",
    "proof_of",
]

Json = dict[str, Any]
T = TypeVar("T")

_COMMAND_SECONDS: Final = 8.0
_COMMAND_MOST: Final = 120.0
_TRY_SECONDS: Final = 3.0
"""Over a network a command is asked again under its id until it expires (without that for 8 s, and for two
minutes at most), and each try is given so long."""
FACTS_SECONDS: Final = 60.0
_FACTS_TRY_SECONDS: Final = 25.0
"""Facts are posted again over a network for so long, whatever is away meanwhile, and each try is given so
long: a post in turn waits for the one before it."""
_PLAIN: Final = msgspec.json.Decoder()
_STATE: Final = msgspec.json.Decoder(State)
_FIRST_WAIT: Final = 0.2
_LONGEST_WAIT: Final = 5.0
_FAR_WAIT: Final = 0.3
_EVENTS: Final = {"Content-Type": "application/cloudevents-batch+json"}
_JSON: Final = {"Content-Type": "application/json"}


class Client:
    """Asks and follows one engine. Use as ``async with``, or call `close`.

    Every method raises `EngineGone` when there is no answer, `Denied` (401, 403), `Busy` (429),
    `EngineCannotWrite` (507) and `Rejected` for other error bodies. A rule's refusal of a command is no
    error: it is the answer. What cannot be read, as JSON or as a type of ours, raises `OtherVersion`.
    """

    def __init__(
        self,
        url: str = "",
        token: str = "",
        proof_key: str | None = None,
        *,
        trusted: ssl.SSLContext | None = None,
        wire: Wire | None = None,
    ) -> None:
        """``trusted``: what an engine that is shared over TLS is known by. ``wire``: another way to it than
        HTTP; then nothing else is said."""
        self._wire: Wire = wire or HttpWire(url, token, proof_key, trusted=trusted)
        self._engine_time: tuple[datetime, float] | None = None
        """What time it was for the engine, as it was heard last, and when by a clock of ours."""

    @property
    def url(self) -> str:
        """Where the engine is."""
        return self._wire.url

    async def __aenter__(self) -> Client:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Let go of the connections; the client may be used again after."""
        await self._wire.close()

    async def health(self) -> Json:
        """Liveness and the age of each source's last event; no token is sent.

        With a proof key the answer is checked, so that a stranger on the port is taken for no engine.
        """
        return await self._wire.health()

    async def post_events(self, events: Sequence[Json]) -> Json:
        """Post CloudEvents; returns ``{"accepted", "duplicates", "refused", "seq"}`` once they are on disk.

        ``refused_more`` stands there too where there are more refusals than an answer holds.

        Sending the same events again after `EngineGone` is safe: they are known by (source, id).
        """
        return await self._post(msgspec.json.encode(events), _EVENTS)

    async def post_lines(self, lines: bytes, order: str = "") -> Json:
        """Post events as JSON lines; a broken line is refused by its index and takes no other with it.

        ``order`` (``NAME/N``, from 1): of several posts at once those of one name are taken in their order.
        """
        headers = {"Content-Type": "application/x-ndjson"} | ({"Publish-Order": order} if order else {})
        return await self._post(lines, headers)

    async def _post(self, body: bytes, headers: dict[str, str]) -> Json:
        """Post facts: over a network again for some time, since those that are on disk are known by then."""
        if not self._wire.far:
            return cast(Json, await self._ask("POST", EVENTS, data=body, headers=headers))
        return await self._ask_again(EVENTS, body, FACTS_SECONDS, headers, each=_FACTS_TRY_SECONDS)

    async def checkpoint(self, source: str) -> Checkpoint:
        """Return up to where the log has a source (producer, operator, host)."""
        return await self._as(Checkpoint, await self._ask("GET", CHECKPOINT, params={"source": source}))

    async def command(
        self, type: str, data: Json, id: str | None = None, expires_at: datetime | None = None
    ) -> Json:
        """Ask for something.

        Returns ``{"ok": True, "seq", "result"}`` or ``{"ok": False, "code", "text", "params"}``.
        A connection that breaks while asking is tried once more under the same id, which the engine
        answers without doing it twice; over a network until ``expires_at``, by the engine's time: later
        than this it is not carried out. Without it as often as 8 s allow.
        """
        fields: Json = {"id": id or str(uuid.uuid4()), "type": type, "data": data}
        if expires_at is None and self._wire.late:
            expires_at = await self._until()
        if expires_at is not None:
            fields["expires_at"] = expires_at
        body = msgspec.json.encode(fields)
        if self._wire.far:
            return await self._ask_again("/v1/commands", body, self._life(expires_at))
        try:
            return cast(Json, await self._ask("POST", "/v1/commands", data=body, headers=_JSON))
        except EngineGone:
            return cast(Json, await self._ask("POST", "/v1/commands", data=body, headers=_JSON))

    async def _until(self) -> datetime:
        """When a command that is given now is too old, by the engine's time."""
        if self._engine_time is None:
            await self._call("GET", "/v1/health")
        now, at = self._engine_time or (datetime.now(UTC), monotonic())
        return now + timedelta(seconds=monotonic() - at + _COMMAND_SECONDS)

    def _life(self, expires_at: datetime | None) -> float:
        """For how many seconds a command that expires then is worth asking again."""
        if expires_at is None:
            return _COMMAND_SECONDS
        now, at = self._engine_time or (datetime.now(UTC), monotonic())
        return min((expires_at - now).total_seconds() - (monotonic() - at), _COMMAND_MOST)

    async def _ask_again(
        self,
        path: str,
        body: bytes,
        seconds: float,
        headers: dict[str, str] = _JSON,
        each: float = _TRY_SECONDS,
    ) -> Json:
        """Post over a network what may be posted twice, for so long; of this an engine that ends took
        nothing."""
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while True:
            try:
                async with asyncio.timeout(each):
                    return cast(Json, await self._ask("POST", path, data=body, headers=headers))
            except (EngineGone, TimeoutError, Rejected) as error:
                if isinstance(error, Rejected) and error.code != "engine_stopped":
                    raise
                if loop.time() + _FIRST_WAIT >= until:
                    raise EngineGone(str(error) or "no answer came") from error
                await asyncio.sleep(_FIRST_WAIT)

    async def judge(self, type: str, data: Json) -> Json:
        """Return what the rules would say to this command now, without asking for it (the composer's dry
        run)."""
        body = msgspec.json.encode({"type": type, "data": data})
        return cast(Json, await self._ask("POST", "/v1/judge", data=body, headers=_JSON))

    async def state(self) -> State:
        """Return the room as it stands; everything that this client was answered is in it."""
        body, _ = await self._read("/v1/state", {})
        try:
            return _STATE.decode(body)
        except UNREADABLE as error:
            raise await self._not_understood() from error

    async def state_part(self, have: str = "") -> tuple[StatePart, datetime]:
        """Return what of the room is not as ``have`` names it (`messages.state.have`), and the engine's
        time."""
        body, headers = await self._read("/v1/state", {"have": have} if have else {})
        try:
            return decode_state(body), datetime.fromisoformat(headers[NOW_HEADER])
        except (*UNREADABLE, KeyError, ValueError) as error:
            raise await self._not_understood() from error

    async def _as(self, kind: type[T], told: object) -> T:
        try:
            return msgspec.convert(told, kind)
        except msgspec.ValidationError as error:
            raise await self._not_understood() from error

    async def _not_understood(self) -> OtherVersion:
        """What is raised of an answer that cannot be read, with the version that the engine itself says."""
        try:
            told = (await self.health()).get("version")
        except BusError:
            told = None
        return OtherVersion(
            told if isinstance(told, str) and re.fullmatch(r"[0-9A-Za-z.+-]{1,40}", told) else ""
        )

    async def state_body(self, have: str = "") -> bytes:
        """Return the answer to `state_part` as it came, for who reads only some of it."""
        return (await self._read("/v1/state", {"have": have} if have else {}))[0]

    async def log(self, after: int = 0, limit: int = 1000, types: Sequence[str] = ()) -> list[Json]:
        """Committed events after ``after`` in order, at most ``limit`` (10,000) and 8 MiB.

        A short page is not the end: ask again behind its last seq, until a page is empty.
        """
        params = {"after": str(after), "limit": str(limit)}
        if types:
            params["type"] = ",".join(types)
        raw, _ = await self._read("/v1/log", params)
        try:
            return cast(list[Json], _PLAIN.decode_lines(raw)) if raw else []
        except UNREADABLE as error:
            raise await self._not_understood() from error

    async def search(self, text: str, before: int = 0, limit: int = 200) -> Json:
        """Comments with ``text`` in them, newest first by pages, each page in the order of the log.

        Returns ``{"events", "before", "at"}``: everything from seq ``before`` on was looked at, back to the
        moment ``at``. Ask again with that ``before`` until it is 1; a page may well be empty.
        """
        params = {"q": text, "before": str(before), "limit": str(limit)}
        return cast(Json, await self._ask("GET", "/v1/search", params=params))

    async def broadcasts(self) -> list[Json]:
        """Return every broadcast with its totals, the first one first."""
        return cast(list[Json], await self._ask("GET", "/v1/broadcasts"))

    async def past_broadcasts(self, before: int = 0, limit: int = 500) -> Json:
        """Return a page of past broadcasts, the newest first (`messages.broadcasts.PastBroadcasts`)."""
        params = {"before": str(before), "limit": str(limit)}
        return cast(Json, await self._ask("GET", "/v1/history", params=params))

    async def broadcast(self, number: int) -> Json:
        """Return the report of one broadcast; `Rejected` with ``not_found`` where there is none of that
        number."""
        return cast(Json, await self._ask("GET", f"/v1/broadcasts/{number}"))

    async def questions(self) -> Json:
        """Return what the room asks now: ``{"questions": [{"question_id", "text", "people", "answered"}],
        "left_out"}``."""
        return cast(Json, await self._ask("GET", "/v1/questions"))

    async def orders(self, text: str = "", standing: str = "", least_fen: int = 0, before: int = 0) -> Json:
        """Return a page of the orders of this broadcast, the newest first (`OrderPage`)."""
        params = {"q": text, "standing": standing, "least_fen": str(least_fen), "before": str(before)}
        return cast(Json, await self._ask("GET", "/v1/orders", params=params))

    async def book(self, name: str, **query: str | int) -> Json:
        """Return what a book says (`books.BOOKS`): ``await client.book("boards", broadcast=3)``."""
        params = {field: str(value) for field, value in query.items()}
        if name == "orders":  # without it, those of this broadcast: `orders`
            params["all"] = "1"
        return cast(Json, await self._ask("GET", f"/v1/{name}", params=params))

    async def viewers(self, text: str) -> Json:
        """People in whose name or id ``text`` stands: ``{"viewers": [{"viewer_id", "name"}], "more"}``."""
        return cast(Json, await self._ask("GET", "/v1/viewers", params={"q": text}))

    async def viewer(self, id: str) -> Json:
        """Return what the room knows of a person; `Rejected` with ``not_found`` where it knows nobody of that
        id."""
        return cast(Json, await self._ask("GET", f"/v1/viewers/{quote(id, safe='')}"))

    async def keep_picture(self, body: bytes) -> str:
        """Keep a PNG, JPEG or WebP of at most 4 MiB and return its hash: a product's ``image``."""
        headers = {"Content-Type": "application/octet-stream"}
        return cast(str, (await self._ask("PUT", "/v1/images", data=body, headers=headers))["sha256"])

    async def keep_picture_from(self, url: str) -> str:
        """Let the engine fetch and keep the picture at a public address."""
        body = msgspec.json.encode({"url": url})
        return cast(str, (await self._ask("PUT", "/v1/images", data=body, headers=_JSON))["sha256"])

    async def picture(self, sha256: str, size: int = 0) -> bytes:
        """Return a kept picture, 96 or 480 pixels along its longer side, or as it is kept; `Rejected` with
        ``not_found`` where there is none."""
        params = {"size": str(size)} if size else {}
        return (await self._read(f"/v1/images/{quote(sha256, safe='')}", params))[0]

    async def act(self, connection: str, action: str, data: Json | None = None) -> ConnectionSaid:
        """Let a connection do something (host, operator) of `connection_acts.ACTS`: what came of it.

        `Rejected` with ``not_connected`` where it is not set, ``not_found`` where it cannot do such a thing.
        """
        body = msgspec.json.encode(data or {})
        path = f"/v1/connections/{connection}/{action}"
        return await self._as(ConnectionSaid, await self._ask("POST", path, data=body, headers=_JSON))

    async def shop_differences(
        self, after: int = 0, limit: int = 500, *, kept: bool = False
    ) -> DifferencePage:
        """Return a page of where the shop's goods and ours differ (host, operator, assistant); ``kept``: with
        those that somebody let stand."""
        params = {"after": str(after), "limit": str(limit)} | ({"kept": "1"} if kept else {})
        return await self._as(DifferencePage, await self._ask("GET", "/v1/shop/differences", params=params))

    async def secrets(self) -> dict[str, list[str]]:
        """Return whose secrets are kept, and which of them; no value ever comes out."""
        return cast(dict[str, list[str]], (await self._ask("GET", "/v1/secrets"))["secrets"])

    async def keep_secret(self, name: str, values: dict[str, str]) -> str:
        """Keep secrets (host): an empty value takes one away. Return where: ``keyring`` or ``file``."""
        body = msgspec.json.encode(values)
        path = f"/v1/secrets/{quote(name, safe='')}"
        return cast(str, (await self._ask("PUT", path, data=body, headers=_JSON))["kept"])

    async def draw_entries(self, id: str, after: str = "") -> Json:
        """Entrants of a closed draw behind an entry id.

        Returns ``{"draw_id", "cue_id", "root", "count", "entries"}``: 10,000 at most, none at the end.
        """
        return cast(Json, await self._ask("GET", f"/v1/draws/{id}/entries", params={"after": after}))

    async def schema(self) -> Json:
        """JSON Schema of all messages."""
        return cast(Json, await self._ask("GET", "/v1/schema"))

    async def share(self, act: ShareAct | None = None) -> ShareAnswer:
        """Return how the room is shared, with this computer's addresses; or do something about it (host,
        operator, on this computer alone)."""
        body = msgspec.json.encode(act)
        asked = self._ask("GET", SHARE) if act is None else self._ask("POST", SHARE, data=body, headers=_JSON)
        return await self._as(ShareAnswer, await asked)

    async def stop(self) -> Json:
        """End the engine cleanly (host only)."""
        return cast(Json, await self._ask("POST", "/v1/stop", data=b"{}", headers=_JSON))

    async def introduce(self, seat: str, name: str) -> None:
        """Say to everybody who sits here, on the stream that is open and on those to come."""
        await self._wire.introduce(msgspec.json.encode({"seat": seat, "name": name}).decode())

    async def stream(self, after: int = 0) -> AsyncIterator[list[Json]]:
        """Committed events after ``after`` in order, then live, in batches as they come.

        Raises `EngineGone` when the connection ends. A batch whose first item has the type
        ``stream.skipped`` stands for all of ``from``…``to``: its comments were left out.
        """
        async for batch in self._wire.stream(after):
            yield batch

    async def follow(self, after: int = 0) -> AsyncIterator[list[Json]]:
        """`stream` that connects again for ever, with growing waits, and repeats or misses no seq."""
        wait = _FIRST_WAIT
        while True:
            try:
                async for batch in self.stream(after):
                    wait = _FIRST_WAIT
                    after = max(after, last_seq(batch))
                    yield batch
            except EngineGone:
                await asyncio.sleep(wait)
                wait = min(wait * 2, _FAR_WAIT if self._wire.far else _LONGEST_WAIT)

    async def _ask(
        self,
        method: str,
        path: str,
        *,
        params: dict[str, str] | None = None,
        data: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Any:
        body, _ = await self._call(method, path, params=params, data=data, headers=headers)
        try:
            return _PLAIN.decode(body)
        except UNREADABLE as error:
            raise await self._not_understood() from error

    async def _read(self, path: str, params: dict[str, str]) -> tuple[bytes, Mapping[str, str]]:
        return await self._call("GET", path, params=params)

    async def _call(
        self,
        method: str,
        path: str,
        *,
        params: dict[str, str] | None = None,
        data: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> tuple[bytes, Mapping[str, str]]:
        answer = await self._wire.call(method, path, params=params, data=data, headers=headers)
        if answer.status == 200:
            if (now := answer.headers.get(NOW_HEADER)) is not None:
                self._engine_time = datetime.fromisoformat(now), monotonic()
            return answer.body, answer.headers
        raise error_of(*answer)


def last_seq(batch: Sequence[Json]) -> int:
    """Return the highest seq that a batch of the stream stands for."""
    last = 0
    for event in batch:
        seq = event["data"]["to"] if event["type"] == "stream.skipped" else event["seq"]
        last = max(last, seq)
    return last
