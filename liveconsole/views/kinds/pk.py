"""连麦PK in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from liveconsole.domain.kinds.pk import round_ends, won
from liveconsole.domain.room import Cue, Room
from liveconsole.messages.specs import PkSpec
from liveconsole.messages.state import PkRoundState
from liveconsole.views.goods import Goods
from liveconsole.views.kinds import plain
from liveconsole.views.kinds.kind import (
    Instruction,
    Json,
    LeftOver,
    People,
    PhoneField,
    ProductNames,
    PromotionRecord,
    Sort,
    TurnedAway,
    length_field,
)
from liveconsole.views.phrases import one_line, quoted, short_time, spoken, tight_time

if TYPE_CHECKING:
    from liveconsole.views.report.catalogue import CatalogueOverTime
    from liveconsole.views.report.model import Promotion

NAME: Final = "pk"
TITLE: Final = PkSpec.title
FIRE: Final = ("发起PK", "Begin PK")
FIRED: Final = ("发起PK", "PK begun")
COLOUR: Final = "#5A5F00"
LISTED: Final = True
DRAWS: Final = False
FIGURES: Final[tuple[tuple[str, Sort], ...]] = (
    ("rounds_won", "text"),
    ("score", "text"),
    ("stake", "text"),
    ("gmv_burst", "factor"),
)


# In the state ---------------------------------------------------------------------------------------


def always(*, was_on_air: bool) -> frozenset[str]:
    return frozenset({"ours", "theirs", "rounds"} if was_on_air else ())


def is_told(room: Room, cue: Cue) -> bool:
    return True


def state(room: Room, cue: Cue, *, people: People, turned_away: TurnedAway | None) -> dict[str, Any]:
    if cue.pk is None or cue.on_air_at is None:
        return {}
    last, over = cue.pk.scores[-1], cue.status == "ended"
    rounds = [
        PkRoundState(
            score.ours,
            score.theirs,
            won(score) if over or number < len(cue.pk.scores) else None,
            round_ends(cue, number),
            score.at,
        )
        for number, score in enumerate(cue.pk.scores, 1)
    ]
    return {"ours": last.ours, "theirs": last.theirs, "rounds": rounds}


# On the phone, aloud, and in the composer -----------------------------------------------------------


def instruction(step: str, spec: Json, names: ProductNames) -> Instruction:
    opponent, (zh_time, en_time) = one_line(spec.get("opponent")), short_time(int(spec.get("seconds", 0)))
    if step == "ended":
        return Instruction("手机 → 连麦PK → 点「结束PK」", "Phone → 连麦PK → press 结束PK")
    rounds = int(spec.get("rounds", 1))
    many = [PhoneField(("局数", "Rounds"), str(rounds), ("局", ""))] if rounds > 1 else []
    return Instruction(
        f"手机 → 连麦 → PK → 邀请「{opponent}」，{zh_time} → 点「发起」",
        f"Phone → 连麦 → PK → invite “{opponent}”, {en_time} → press 发起",
        ("手机 → 连麦 → PK，照下面填 → 点「发起」", "Phone → 连麦 → PK, as below → press 发起"),
        (
            PhoneField(("对方", "Opponent"), opponent),
            *many,
            length_field(("时长", "Length"), int(spec.get("seconds", 0))),
        ),
    )


def sentence(spec: Json, goods: Goods) -> tuple[str, str]:
    opponent, seconds, rounds = quoted(spec["opponent"]), spec["seconds"], spec.get("rounds", 1)
    zh, en = f"连麦PK：对{opponent}", f"PK against {opponent}"
    if rounds > 1:
        zh, en = f"{zh}，{rounds} 局", f"{en}, {rounds} rounds"
    zh, en = f"{zh}，{spoken(seconds)}", f"{en}, {spoken(seconds, english=True)}"
    if spec.get("stake"):
        zh, en = f"{zh}，输了{one_line(spec['stake'])}", f"{en}, who loses: {one_line(spec['stake'])}"
    return f"{zh}。", f"{en}."


def line(spec: Json, goods: Goods) -> str:
    parts = [f"连麦PK 对手{quoted(spec['opponent'])}"]
    if spec.get("rounds", 1) > 1:
        parts.append(f"{spec['rounds']}局")
    if spec.get("stake"):
        parts.append(f"赌注{quoted(spec['stake'])}")
    return " ".join([*parts, tight_time(spec["seconds"])])


def conditions(spec: Json) -> list[tuple[str, str]]:
    return []


# In the report --------------------------------------------------------------------------------------


def about(spec: Json, shop: CatalogueOverTime) -> str:
    return one_line(spec.get("opponent"))


def offer(spec: Json, *, english: bool) -> str:
    rounds = spec.get("rounds", 1)
    return f"{rounds} rounds" if english else f"{rounds} 局"


def tell(said: Promotion, told: PromotionRecord) -> None:
    said.gmv_fen = said.discount_fen = said.orders = None
    if any(ours is not None or theirs is not None for ours, theirs in said.rounds):
        said.told = said.told or "facts"


def figures(said: Promotion) -> tuple[Any, ...]:
    scores = "、".join(f"{_figure(ours)}:{_figure(theirs)}" for ours, theirs in said.rounds)
    return _rounds_won(said.rounds), scores or None, one_line(said.spec.get("stake")) or None, said.burst


def _figure(value: int | None) -> str:
    return "—" if value is None else str(value)


def _rounds_won(rounds: Sequence[tuple[int | None, int | None]]) -> str | None:
    """「2:1」 of the rounds that somebody told; None where nobody told any."""
    told = [(ours, theirs) for ours, theirs in rounds if ours is not None and theirs is not None]
    if not told:
        return None
    return f"{sum(a > b for a, b in told)}:{sum(a < b for a, b in told)}"


standing = plain.standing


def left_over(said: Promotion, *, owed: bool) -> LeftOver:
    return LeftOver(end=owed)
