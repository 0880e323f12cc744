"""One look for a newer version, as the command line and the desk both do it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from liveconsole import __version__, versions
from liveconsole.respath import resources
from liveconsole.updates import fetching, kept
from liveconsole.updates.notice import (
    ReleaseNotice,
    ReleaseSource,
    UpdateRefused,
    read_notice,
    version_of,
)
from liveconsole.updates.on_air import rooms_on_air

SOURCE: Final = ("update", "source.json")


class UpdateOffer(Struct, frozen=True):
    """A version that is newer than this one."""

    notice: ReleaseNotice
    too_old: bool
    """This program's data is older than the new one can bring up to date: another version goes between."""


@cache
def built_in() -> ReleaseSource:
    """Return where this program asks, and whom it believes."""
    return msgspec.json.decode(resources().joinpath(*SOURCE).read_bytes(), type=ReleaseSource)


def offer_of(
    raw: bytes, source: ReleaseSource, now: datetime, *, seen: datetime | None = None, running: str = ""
) -> tuple[UpdateOffer | None, ReleaseNotice]:
    """Return the offer in a file, or None where this is the newest version, and what was read. Pure.

    ``seen``: the date of the newest notice that was ever believed here; ``running``: ours without it.

    Raises:
        UpdateRefused: it is not believed, a replay of an older notice, or of an older version than this.
    """
    notice = read_notice(raw, source, now)
    ours, theirs = version_of(running or __version__), version_of(notice.version)
    if seen is not None and notice.date < seen:
        raise UpdateRefused("replayed")
    if theirs < ours:
        raise UpdateRefused("older", version=notice.version)
    offer = UpdateOffer(notice, notice.oldest_schema > versions.SCHEMA) if theirs > ours else None
    return offer, notice


async def look(
    base: Path,
    *,
    source: ReleaseSource | None = None,
    at: str = "",
    now: datetime | None = None,
    elsewhere: int = 0,
) -> UpdateOffer | None:
    """Ask once and remember it; the offer, or None where this is the newest. For a person who asked, or for
    whom `look_if_due` found that it is time. ``at``: a file or an address in place of the built-in one;
    ``elsewhere``: rooms on air that only the caller knows of.

    Raises:
        UpdateRefused: a room is on air, nobody answers, or the answer is not believed.
        OSError: the named file cannot be read.
    """
    asked, when = source or built_in(), now or datetime.now(UTC)
    if not asked.is_set_up:
        raise UpdateRefused("not_set_up")
    if on_air := elsewhere + await rooms_on_air(base):
        raise UpdateRefused("on_air", rooms=on_air)
    before = await asyncio.to_thread(kept.load, base)
    if at and not fetching.is_address(at):
        raw = await asyncio.to_thread(fetching.read_file, Path(at))
    else:
        # Also a question that fails counts as today's: a dead network is not asked all evening.
        await asyncio.to_thread(kept.change, base, asked_at=when)
        raw = await fetching.fetch(at or asked.address)
    offer, notice = await asyncio.to_thread(offer_of, raw, asked, when, seen=before.seen)
    await asyncio.to_thread(kept.change, base, seen=notice.date, notice=raw.decode("utf-8", "replace"))
    return offer


async def look_if_due(base: Path, *, source: ReleaseSource | None = None) -> UpdateOffer | None:
    """Ask if a person agreed and nothing was asked for a day; else what was told last. None: nothing to say.

    Raises as `look`.
    """
    asked, now = source or built_in(), datetime.now(UTC)
    known = await asyncio.to_thread(kept.load, base)
    if not known.agreed or not asked.is_set_up:
        return None
    if kept.is_due(known, now):
        return await look(base, source=asked, now=now)
    if await rooms_on_air(base):
        return None
    return await asyncio.to_thread(told_last, known, asked, now)


def told_last(known: kept.KeptUpdate, source: ReleaseSource, now: datetime) -> UpdateOffer | None:
    """Return the offer that was told last, looked at anew; None where there is none any more."""
    if not known.notice:
        return None
    try:
        return offer_of(known.notice.encode(), source, now, seen=known.seen)[0]
    except UpdateRefused:
        return None
