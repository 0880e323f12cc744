"""What a platform allows of what is played on its own page: a PK, red packets."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from liveconsole.advice.notices import LimitNotice, Number, fen_of, lasts, number, plain
from liveconsole.messages.specs import PkSpec, RedPacketSpec
from liveconsole.views.money import plain_yuan


class PkLimits(Struct, frozen=True, forbid_unknown_fields=True):
    minutes_max: Number | None = None
    rounds_max: int | None = None


class PacketLimits(Struct, frozen=True, forbid_unknown_fields=True):
    total_max_yuan: Number | None = None
    packets_max: int | None = None


def pk(limits: PkLimits, spec: PkSpec) -> Iterator[LimitNotice]:
    if limits.minutes_max is not None and spec.seconds > (most := round(number(limits.minutes_max) * 60)):
        over = lasts(spec.seconds - most)
        said = plain(limits.minutes_max)
        yield LimitNotice(
            "minutes_max",
            f"最长 {said} 分钟，超出 {over[0]}",
            f"{said} minutes at most: {over[1]} too long",
            over[0],
        )
    if limits.rounds_max is not None and (more := spec.rounds - limits.rounds_max) > 0:
        zh, en = f"最多 {limits.rounds_max} 局", f"{limits.rounds_max} rounds at most"
        yield LimitNotice("rounds_max", f"{zh}，多了 {more} 局", f"{en}: {more} too many", str(more))


def red_packet(limits: PacketLimits, spec: RedPacketSpec) -> Iterator[LimitNotice]:
    if limits.total_max_yuan is not None and (more := spec.total_fen - fen_of(limits.total_max_yuan)) > 0:
        over = plain_yuan(more)
        most = plain(limits.total_max_yuan)
        yield LimitNotice(
            "total_max_yuan",
            f"一次最多 {most} 元，超出 {over} 元",
            f"¥{most} at a time at most: ¥{over} too much",
            over,
        )
    if limits.packets_max is not None and (many := spec.packets - limits.packets_max) > 0:
        zh, en = f"一次最多 {limits.packets_max} 个", f"{limits.packets_max} packets at a time at most"
        yield LimitNotice("packets_max", f"{zh}，多了 {many} 个", f"{en}: {many} too many", str(many))
