"""Drills of a rehearsal: what each trains, how long it runs, and what its mark says.

A mark begins at `FULL`; every fact that the log shows may take points off, and none goes below nothing.
Codes travel; here they get their words.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, Literal

from msgspec import Struct

FULL: Final = 100
Because = Literal["time_up", "stopped", "closed"]


class Drill(Struct, frozen=True):
    """``silent``: from which to which second the simulated platform does as it is asked and says nothing."""

    name: str
    seconds: int
    title: tuple[str, str]
    goal: tuple[str, str]
    silent: tuple[float, float] | None = None
    hours: int = 0
    """Hours of a broadcast that it stands for, where it runs faster than one."""


_DRILLS: Final = (
    Drill(
        "cut_line",
        75,
        ("断线", "Cut line"),
        (
            "秒杀刚发出就断线：写一句话告诉大家，别再开抢；线回来，看到平台的答复再处理",
            "The line goes as a sale starts: leave a note, start nothing, settle it once you can read",
        ),
        silent=(6.0, 40.0),
    ),
    Drill(
        "wrong_price",
        60,
        ("标错价", "Wrong price"),
        (
            "199 元的围巾标成 19.90 元在卖：马上停，改成对的价格再开",
            "A 199 yuan scarf is on sale at 19.90: stop it at once and start it again at the right price",
        ),
    ),
    Drill(
        "sold_out",
        75,
        ("抢空", "Sold out"),
        (
            "12 件一下抢空，满屏问还有没有：加一场或者下一品，答一个问题",
            "Twelve units go at once and everybody asks for more: run it again or move on; answer one",
        ),
    ),
    Drill(
        "silent_platform",
        75,
        ("平台没回应", "Silent platform"),
        (
            "秒杀发出，平台不回应：别开第二次，看到有人抢到了就确认已开始",
            "Nobody says whether a sale began: do not start it twice; confirm it once buyers show it",
        ),
        silent=(2.0, 60.0),
    ),
    Drill(
        "long_day",
        240,
        ("八小时快进", "Eight hours"),
        (
            "八小时压成四分钟：每条建议都审，每半分钟走一次下一品，后半场别慢下来",
            "Eight hours in four minutes: decide every proposal, move on every half minute, keep your pace",
        ),
        hours=8,
    ),
)
DRILLS: Final[dict[str, Drill]] = {drill.name: drill for drill in _DRILLS}
"""By name, in the order in which they are listed. One is never taken out: old logs name it."""


class DrillFact(Struct, frozen=True):
    """Something that the log showed: when, and the points that it took off. ``params`` are figures."""

    code: str
    at: datetime | None = None
    off: int = 0
    params: dict[str, int] = {}


class DrillStarted(Struct, frozen=True):
    """``drill.started``: in a rehearsal; what it puts into the queue has ids that begin with ``drill_id``."""

    drill_id: str
    drill: str
    ends_at: datetime


class DrillEnded(Struct, frozen=True):
    """``drill.ended``: with the mark that the log gave it, or with ``why`` there is none."""

    drill_id: str
    drill: str
    because: Because
    mark: int | None = None
    facts: list[DrillFact] = []
    better: list[str] = []
    why: str = ""


FACTS: Final[dict[str, tuple[str, str]]] = {
    "fault": ("出事了", "It went wrong"),
    "told": ("{seconds} 秒后写了一句话", "A note after {seconds} s"),
    "not_told": ("没有人写一句话", "Nobody left a note"),
    "fired_blind": ("不知道结果时又开抢", "Another start while nobody knew"),
    "guessed": ("断线时就下了结论", "Settled while the line was down"),
    "said_not_begun": ("说没有开始，其实开始了", "Said it had not begun; it had"),
    "read": ("等到了平台的答复", "The platform's answer was waited for"),
    "confirmed": ("{seconds} 秒后确认已开始", "Confirmed as begun after {seconds} s"),
    "never_settled": ("到最后也没有弄清", "Never settled"),
    "taken_back": ("撤回了，没有开始", "Recalled before it began"),
    "stopped": ("{seconds} 秒后停下", "Stopped after {seconds} s"),
    "never_stopped": ("一直没有停", "Never stopped"),
    "sold_wrong": ("错价卖出 {units} 件", "{units} units sold at the wrong price"),
    "right_again": ("按对的价格又开了", "Started again at the right price"),
    "not_right_again": ("没有按对的价格再开", "Never started again at the right price"),
    "sold_out": ("抢空了", "Sold out"),
    "again": ("{seconds} 秒后又开一场", "Run again after {seconds} s"),
    "went_on": ("{seconds} 秒后走到下一品", "Moved on after {seconds} s"),
    "stood_still": ("抢空之后没有动作", "Nothing was done about it"),
    "answered": ("{seconds} 秒后答了问题", "A question answered after {seconds} s"),
    "not_answered": ("没有答任何问题", "No question was answered"),
    "oversold": ("超卖 {units} 件", "{units} units oversold"),
    "not_oversold": ("没有超卖", "Nothing oversold"),
    "decided": ("审了 {n} 条，平均 {seconds} 秒", "{n} decided, {seconds} s on average"),
    "slow": ("{n} 条超过 {limit} 秒", "{n} took over {limit} s"),
    "undecided": ("{n} 条没有审", "{n} never decided"),
    "turned_down": ("{n} 次没开成", "{n} did not start"),
    "late_segments": ("{n} 次下一品晚了", "{n} segments ran late"),
    "on_time": ("下一品没有晚", "No segment ran late"),
    "slower": ("后半场慢了 {seconds} 秒", "{seconds} s slower in the second half"),
}  # fmt: skip
"""code → (zh, en)."""

BETTER: Final[dict[str, tuple[str, str]]] = {
    "tell": ("先写一句话（Ctrl+M），再做别的", "Leave a note first (Ctrl+M), then do the rest"),
    "fire_nothing": (
        "「未知」还在，就别再开抢",
        "Start nothing while one is unknown",
    ),
    "read_first": (
        "线回来再确认：断着的时候谁也看不见",
        "Confirm when the line is back",
    ),
    "look_at_phone": (
        "先看评论和订单，再说没有开始",
        "Look at comments and orders before you say no",
    ),
    "confirm_sooner": (
        "看到有人抢到就确认，不用等平台",
        "Confirm once buyers show it",
    ),
    "stop_first": ("先停（Ctrl+Shift+数字），再找原因", "Stop first (Ctrl+Shift+number), then ask why"),
    "start_again": ("停了以后点返场，改好价格再开", "After the stop run it again, with the right price"),
    "set_a_floor": ("给商品写底价：低于底价的开不出来", "Give goods a floor: what is below it cannot start"),
    "have_more_ready": ("提前备好第二场，抢空就开", "Have a second one ready for when it sells out"),
    "answer_one": ("答一个大家都在问的，标「已答」", "Answer the one everybody asks and mark it answered"),
    "mind_stock": ("件数别超过库存", "Keep quantities within stock"),
    "decide_at_once": ("建议一来就审（Ctrl+Enter）", "Decide as they come (Ctrl+Enter, Ctrl+Backspace)"),
    "move_on": ("到点就按下一品（PgDn）", "Move on in time (PgDn)"),
    "rest": ("后半场慢了：真播时两小时换一次人", "You slowed down: change places every two hours"),
    "keep": ("就这样，隔一周再练一次", "Well done: again in a week"),
}  # fmt: skip
"""What to do better: code → (zh, en)."""

NO_MARK: Final[dict[str, tuple[str, str]]] = {
    "cut_short": ("没有练完，不打分", "Not finished: no mark"),
    "nothing_happened": ("模拟的事情没有发生，不打分", "What was to happen did not: no mark"),
    "too_much": ("发生的太多，没有记全，不打分", "More happened than is kept: no mark"),
}
"""Why there is no mark: code → (zh, en)."""


def fact_words(fact: DrillFact) -> tuple[str, str]:
    """Return what a fact says, in both languages; of a newer program its code."""
    return _filled(FACTS.get(fact.code, (fact.code, fact.code)), fact.params)


def _filled(words: tuple[str, str], params: dict[str, Any]) -> tuple[str, str]:
    return words[0].format_map(params), words[1].format_map(params)


def silent_for(name: str, second: float) -> float | None:
    """Return for how many seconds more the simulated platform says nothing; None: it speaks."""
    drill = DRILLS.get(name)
    if drill is None or drill.silent is None:
        return None
    begins, ends = drill.silent
    return ends - second if begins <= second < ends else None
