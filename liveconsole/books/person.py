"""One customer alone: his orders, and what he agreed to have kept; and who is a member."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from liveconsole.books.figures import CustomerFigures, usable
from liveconsole.books.reading import BookReader, limit_in, number_in
from liveconsole.domain import membership
from liveconsole.domain.china import day_of
from liveconsole.domain.room_people import Member
from liveconsole.messages.customers import (
    CustomerOrder,
    CustomerProfile,
    MemberPage,
    MemberProfile,
    MemberRowShown,
    PersonAnswer,
)
from liveconsole.messages.fields import FORGOTTEN
from liveconsole.store.rows import moment
from liveconsole.views.masks import mask_name

ORDERS_SHOWN: Final = 200
"""The newest; the sums are over all of them."""
_ORDERS: Final = (
    "SELECT order_id, status, placed_at, total_fen, paid_fen, refund_fen FROM order_row WHERE buyer = ?"
    " ORDER BY placed_at DESC NULLS LAST, order_id LIMIT ?"
)
_SUMS: Final = (
    "SELECT count(*), coalesce(sum(paid_fen - refund_fen), 0), min(placed_at), max(placed_at) FROM order_row"
    " WHERE buyer = ? AND status = 'paid' AND refund_fen < max(paid_fen, 1)"
)
_MEMBER: Final = (
    "SELECT joined_at, birthday, signed, spent, balance_fen, checked_in FROM member WHERE pid = ?"
)
_PAID: Final = "SELECT coalesce(sum(paid_fen - refund_fen), 0) FROM order_row WHERE buyer = ?"
_LEVELS: Final = (
    "SELECT m.pid, coalesce(sum(o.paid_fen - o.refund_fen), 0) FROM json_each(?) j"
    " JOIN member m ON m.pid = j.value LEFT JOIN order_row o ON o.buyer = m.pid GROUP BY m.pid"
)
_MEMBERS: Final = (
    "SELECT m.pid, coalesce(sum(o.paid_fen - o.refund_fen), 0), m.joined_at, m.birthday, m.signed, m.spent,"
    " m.balance_fen, m.checked_in FROM member m LEFT JOIN order_row o ON o.buyer = m.pid"
    " WHERE m.pid > :begin AND (:days = '[]' OR m.birthday IN (SELECT value FROM json_each(:days)))"
    " GROUP BY m.pid, m.joined_at, m.birthday, m.signed, m.spent, m.balance_fen, m.checked_in"
    " ORDER BY m.pid LIMIT :limit"
)


def person(reader: BookReader, id_: str, *, masked: bool = True) -> PersonAnswer:
    """Return all there is of him. ``id_``: a pid that was shown, or the outside id; ``masked``: without his
    name and id, as a page shows him."""
    found = reader.one_person(id_)
    if found is None:
        return PersonAnswer(None)
    pid, outside, name = found
    ((orders, fen, first, last),) = reader.rows(_SUMS, (pid,))
    return PersonAnswer(
        CustomerProfile(
            pid if masked else outside,
            mask_name(name or outside) if masked else name,
            orders,
            fen,
            None if first is None else moment(first),
            None if last is None else moment(last),
            [
                CustomerOrder(o, status, None if at is None else moment(at), *money)
                for o, status, at, *money in reader.rows(_ORDERS, (pid, ORDERS_SHOWN))
            ],
            _profile(reader, pid),
        )
    )


def _profile(reader: BookReader, pid: str) -> MemberProfile | None:
    rows = reader.rows(_MEMBER, (pid,))
    if not rows:
        return None
    ((paid,),) = reader.rows(_PAID, (pid,))
    return profile_of(_member(rows[0]), paid, usable(reader.folder))


def profile_of(member: Member, paid_fen: int, figures: CustomerFigures) -> MemberProfile:
    """Return what a member's figures come to."""
    grown = membership.growth(paid_fen)
    levels = figures.members.levels
    level = membership.level(grown, levels)
    return MemberProfile(
        member.joined_at,
        grown,
        membership.points(member, paid_fen, figures.members),
        level.zh if level is not None else "",
        level.en if level is not None else "",
        level.zhe if level is not None else None,
        membership.to_next(grown, levels),
        member.balance_fen,
        member.birthday,
        member.checked_in,
    )


def _member(row: tuple[int, str | None, int, int, int, str | None]) -> Member:
    joined, birthday, signed, spent, balance, checked_in = row
    day = None if checked_in is None else date.fromisoformat(checked_in)
    return Member(moment(joined), birthday, signed, spent, balance, day)


def levels_of(
    reader: BookReader, pids: Sequence[str], figures: CustomerFigures
) -> dict[str, tuple[str, str]]:
    """Return of those who are members the level's two names; "" where the file has none for him."""
    found = {}
    for pid, paid in reader.rows(_LEVELS, (json.dumps(list(pids)),)):
        level = membership.level(membership.growth(paid), figures.members.levels)
        found[pid] = (level.zh, level.en) if level is not None else ("", "")
    return found


def members(reader: BookReader, query: Mapping[str, str]) -> MemberPage:
    """Return one page of the members, by their pids: ``begin`` (the pid behind which it begins), ``limit``,
    ``least`` (成长值 from which one is shown), ``birthday`` (of these alone, ``MM-DD`` or ``today``)."""
    limit, least = limit_in(query), number_in(query, "least", 0)
    figures = usable(reader.folder)
    begin, birthday = query.get("begin", ""), query.get("birthday", "")
    days = membership.born_on(day_of(reader.now())) if birthday == "today" else [birthday] if birthday else []
    rows = reader.rows(_MEMBERS, {"begin": begin, "days": json.dumps(days), "limit": limit})
    names = reader.names([row[0] for row in rows])
    shown = []
    for pid, paid, *kept in rows:
        joined, birthday, signed, spent, balance, checked_in = kept
        one = _member((joined, birthday, signed, spent, balance, checked_in))
        profile = profile_of(one, paid, figures)
        outside, name = names.get(pid, ("", FORGOTTEN))
        if profile.growth >= least:
            shown.append(MemberRowShown(pid, outside, mask_name(name or outside), profile))
    ((whole,),) = reader.rows("SELECT count(*) FROM member")
    following = rows[-1][0] if len(rows) == limit else None
    return MemberPage(whole, shown, following, figures.members.birthday_coupon_yuan)
