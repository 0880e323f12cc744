"""The words of a report in Chinese and English. Texts from outside are never looked up here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta, tzinfo
from typing import Final

from liveconsole.messages.reasons import reason_words
from liveconsole.messages.refusals import TEXTS
from liveconsole.messages.statuses import STATUS_WORDS
from liveconsole.views import kinds
from liveconsole.views.report import violations
from liveconsole.views.report.figure_words import FIGURE_WORDS
from liveconsole.views.report.model import Action, Difference, Promotion, Proposal
from liveconsole.views.report.mood_words import MOODS

WORDS: Final[dict[str, tuple[str, str]]] = {
    **FIGURE_WORDS,
    "report": ("复盘", "Broadcast report"),
    "simulated": ("排练 · 模拟数据", "Rehearsal · simulated data"),
    "masked": ("人名已打码，不含任何账号", "Names are masked; no account ids"),
    "unmasked": ("含人名，请勿外传", "Holds people's names: keep it to yourselves"),
    "untitled": ("未命名直播", "Untitled broadcast"),
    "broadcast_n": ("第 {n} 场，共 {of} 场", "Broadcast {n} of {of}"),
    "still_open": ("直播中", "still open"),
    "log": ("日志 {first}–{last}", "Log {first}–{last}"),
    "overview": ("概览", "Overview"),
    "timeline": ("时间线", "Time line"),
    "promotions": ("促销", "Promotions"),
    "products": ("商品", "Products"),
    "questions": ("问题", "Questions"),
    "clips": ("切片", "Clips"),
    "differences": ("与平台不一致", "Differences"),
    "orders": ("订单", "Orders"),
    "handover": ("交接单", "Handover"),
    "handover_short": ("交接", "Handover"),
    "contents_note": (
        "所有数字都由本场日志计算。GMV 为已支付金额，未扣退款；按下单时间归入每分钟。",
        "Every figure is computed from this broadcast's log. GMV is what was paid, refunds not taken off, "
        "in the minute in which the order came.",
    ),
    "chart_note": (
        "条上的数字是促销编号，讲解条上是链接号",
        "numbers on the bars are promotions, on the pins cart numbers",
    ),
    "fired_mark": ("开抢、发券、发福袋", "a promotion fired"),
    "every_action": ("全部操作", "Every action"),
    "burst_note": (
        "爆发系数 = 促销期间每分钟 GMV ÷ 开始前 10 分钟每分钟 GMV（全场）。"
        "让利按当时售价计；按划线价的另列。",
        "Burst = GMV a minute during ÷ in the ten minutes before (whole room). "
        "Discount is against the price of the moment; that against the list price stands beside it.",
    ),
    "outside_note": (
        "开播前和下播后另有评论 {comments} 条、订单 {orders} 单、GMV {gmv}，不在曲线上。",
        "Before the opening and after the close: {comments} comments, {orders} orders, GMV {gmv}; "
        "not on the curves.",
    ),
    "silence_note": (
        "{start}–{end} 没有评论来源：这段时间的评论不知道有多少。",
        "{start}–{end} no source of comments: how many there were is unknown.",
    ),
    "gap_note": (
        "{name}：{start}–{end} 没有数据（{why}）。",
        "{name}: nothing came {start}–{end} ({why}).",
    ),
    "gaps_more_note": ("另有 {n} 段没有数据的时间，见 JSON。", "{n} more gaps stand in the JSON."),
    "skipped_note": (
        "有 {n} 条评论被采样略过，评论数偏低。",
        "{n} comments were left out by sampling: comment counts are too low.",
    ),
    "clock_note": (
        "系统时钟在 {at} 跳了 {seconds} 秒；计时未受影响。",
        "The system clock jumped by {seconds} s at {at}; no deadline moved.",
    ),
    "unmatched_note": (
        "{n} 单有未知商品、促销或金额（其中 {gmv} 归不到商品）。",
        "{n} orders hold goods, promotions or amounts that are not known ({gmv} belong to no product).",
    ),
    "no_orders_note": (
        "没有来源报订单：成交、件数、让利和退款不是 0，是不知道，写作「—」。",
        "No source told of orders: sales, units, discounts and refunds are not 0 but unknown, shown as “—”.",
    ),
    "read_note": (
        "「人工」是有人从平台上抄下来的数字，后面是抄的时间。",
        "“By hand” is a figure that a person read off the platform, with the time of the reading.",
    ),
    "nothing": ("无", "none"),
    # figures
    "gmv": ("GMV", "GMV"),
    "gmv_minute": ("GMV / 分钟", "GMV / min"),
    "paid": ("支付订单", "Paid orders"),
    "units": ("售出件数", "Units sold"),
    "gift_units": ("赠品件数", "Gift units"),
    "units_read": ("售出件数 · 人工读数", "Units sold, read by hand"),
    "told": ("数字来源", "Figures told by"),
    "placed": ("下单", "Orders placed"),
    "closed": ("关闭", "Closed"),
    "unpaid": ("未支付", "Unpaid"),
    "refund": ("退款", "Refunds"),
    "refund_owed": ("待退款", "Refunds owed"),
    "discount": ("让利", "Discount given"),
    "member_off": ("会员价让利", "Members' discounts"),
    "budget": ("让利预算", "Budget for discounts"),
    "list_discount": ("按划线价让利", "Discount off list"),
    "comments": ("评论", "Comments"),
    "comments_minute": ("评论 / 分钟", "Comments / min"),
    "orders_minute": ("订单 / 分钟", "Orders / min"),
    "online": ("在线人数", "Viewers online"),
    "online_peak": ("最高在线", "Peak viewers"),
    "online_mean": ("平均在线", "Mean viewers"),
    "followed": ("新增关注", "New followers"),
    "entered": ("进入", "Entered"),
    "shared": ("分享", "Shares"),
    "gifts": ("礼物", "Gifts"),
    "gift_value": ("礼物价值", "Gift value"),
    "oversold": ("超卖", "Oversold"),
    "unmatched": ("未匹配订单", "Unmatched orders"),
    "value": ("数值", "Value"),
    "figure": ("指标", "Figure"),
    "pledges": ("口头承诺", "Pledges"),
    **MOODS,
    **violations.WORDS,
    "pledge": ("答应了什么", "What was promised"),
    "noted_by": ("谁记的", "Noted by"),
    "all_products": ("不限商品", "Any product"),
    # columns
    "no": ("#", "#"),
    "kind": ("类型", "Kind"),
    "promotion": ("促销", "Promotion"),
    "what": ("内容", "Content"),
    "planned": ("计划", "Planned"),
    "round": ("场次", "Round"),
    "proposals": ("下一场可以改的", "For the next rundown"),
    "moments": ("定点", "Fixed times"),
    "began": ("实际", "Began"),
    "kept": ("守住", "kept"),
    "missed_by": ("晚 {time}", "{time} late"),
    "over_before": ("提前 {time} 就讲完了", "over {time} before"),
    "never_shown": ("没讲到", "never shown"),
    "plans": ("整点计划", "Repeating plans"),
    "bags": ("福袋雨", "Series of bags"),
    "receipt": ("收据", "Receipt"),
    "rounds_fired": ("开了几场", "Rounds fired"),
    "rounds_skipped": ("没开成", "Skipped"),
    "start": ("开始", "Start"),
    "end": ("结束", "End"),
    "late": ("晚", "late"),
    "sold": ("售出", "Sold"),
    "given": ("送出", "Given"),
    "burst": ("爆发", "Burst"),
    "burst_factor": ("爆发系数", "Burst factor"),
    "quantity": ("数量", "Quantity"),
    "places": ("名额", "Places"),
    "waiting": ("候补", "Waiting"),
    "rounds_won": ("局分", "Rounds won"),
    "score": ("比分", "Score"),
    "stake": ("赌注", "Stake"),
    "gmv_burst": ("爆发", "Burst"),
    "packets_taken": ("领取", "Taken"),
    "packets_total": ("总额", "In all"),
    "result": ("结果", "Outcome"),
    "outcome": ("结束原因", "Outcome"),
    "status": ("状态", "Status"),
    "by": ("提交 → 审核 → 开抢", "Proposed → ok → fired"),
    "proposed_by": ("提交", "Proposed by"),
    "approved_by": ("审核", "Approved by"),
    "fired_by": ("开抢", "Fired by"),
    "ended_by": ("结束人", "Ended by"),
    "edits": ("修改次数", "Edits"),
    "title": ("名称", "Title"),
    "pinned_minutes": ("讲解分钟", "Pinned min"),
    "pins": ("讲解次数", "Pins"),
    "pinned_comments": ("讲解中评论", "Comments while pinned"),
    "stock_left": ("剩余库存", "Stock left"),
    "length": ("时长", "Length"),
    "at": ("时间", "Time"),
    "actor": ("角色", "Role"),
    "seat": ("席位", "seat"),
    "action": ("动作", "Action"),
    "subject": ("对象", "Subject"),
    "detail": ("说明", "Detail"),
    "seq": ("序号", "Seq"),
    "order_id": ("订单号", "Order"),
    "buyer": ("买家", "Buyer"),
    "goods": ("商品", "Goods"),
    "total": ("应付", "Total"),
    "paid_amount": ("实付", "Paid"),
    "refunded": ("已退", "Refunded"),
    "number": ("链接号", "Number"),
    "timecode_in": ("入点", "In"),
    "timecode_out": ("出点", "Out"),
    "product_id": ("商品编号", "Product id"),
    "asking": ("全部提问", "All questions"),
    "people_lane": ("操作", "People"),
    "automatic": ("自动", "Automatic"),
    # the first page
    "front_best": ("卖得最好", "Sold best"),
    "front_wrong": ("出过的问题", "What went wrong"),
    "front_sold": ("{title} · {units} 件 · {gmv}", "{title} · {units} units · {gmv}"),
    "front_earned": ("{orders} 单 {gmv}", "{orders} orders, {gmv}"),
    "front_more": ("还有 {n} 条，见后面的表", "{n} more, in the tables behind"),
    "owed_more": ("还有 {n} 条，见后面的全文", "{n} more in the whole of it behind"),
    "owed_done": ("没有要做的：", "Nothing left of: "),
    "owed_whole": ("交接单全文", "The whole handover"),
    "front_units": ("件", "units"),
    "front_untold": ("没有来源报", "no source told"),
    "doubt_no_orders_told": ("没有来源报订单", "no source told of orders"),
    "doubt_no_audience_told": ("没有来源报人数", "no source told of viewers"),
    "doubt_coupons_untold": ("券的领用没有来源报全", "coupons claimed and used were not all told"),
    "doubt_platform_sold_more": ("平台显示卖得更多", "the platform shows more sold"),
    "doubt_comments_left_out": ("有评论被采样略过", "some comments were left out by sampling"),
    "doubt_comments_gap": ("有一段时间没有评论来源", "for a time there was no source of comments"),
    "remarks": ("账目说明", "Remarks on the figures"),
    # the handover
    "handover_sum": (
        "成交 {paid} 单 {units} 件，GMV {gmv}",
        "{paid} orders paid, {units} units, GMV {gmv}",
    ),
    "handover_unknown": (
        "成交 —：没有来源报订单",
        "Orders paid —: no source told of orders",
    ),
    "handover_read": ("人工读数：售出 {units} 件（{at}）", "Read by hand: {units} units sold ({at})"),
    "todo_prices": ("要改回的价格", "Prices to restore"),
    "todo_ends": ("还没结束，或平台没有确认结束", "Still running, or the end not confirmed"),
    "todo_coupons": ("仍然有效的券", "Coupons still live"),
    "todo_oversold": ("超卖要处理", "Oversold units"),
    "todo_refunds": ("要退的款", "Refunds owed"),
    "todo_winners": ("要联系的中奖者", "Winners to contact"),
    "todo_pledges": ("口头答应过的", "Pledged"),
    "todo_unpaid": ("未支付订单", "Unpaid orders"),
    "restore": ("{title} 改回 {price}", "{title} back to {price}"),
    "coupon_on_air": ("还在发放", "still being given out"),
    "coupon_unused": (
        "已领未用 {count} 张，有效至 {until}",
        "{count} claimed and unused, valid until {until}",
    ),
    "coupon_untold": (
        "领了多少没有来源报，有效至 {until}",
        "how many were claimed nobody told, valid until {until}",
    ),
    "no_end": ("未设期限", "no end set"),
    "winner_settled": ("已确认，待寄奖品", "settled, prize to be sent"),
    "winner_waiting": ("待确认", "to be settled"),
    "winner_until": ("（{at} 前）", " (by {at})"),
    "forgotten": ("（姓名已删除）", "(name deleted)"),
    "pledge_orders": ("本场支付 {count} 单", "paid orders: {count}"),
    "written_by": ("{who}记", "noted by: {who}"),
    "unpaid_sum": ("共 {count} 单，{sum}", "{count} orders, {sum}"),
    "oversold_units": ("{title} 多卖 {units} 件", "{title}: {units} units too many"),
}

ACTORS: Final = {
    "host": ("主播", "Host"),
    "operator": ("中控", "Operator"),
    "assistant": ("助理", "Assistant"),
    "keys": ("主播的按键", "Host's keys"),
    "clock": ("时钟", "Clock"),
    "platform": ("平台", "Platform"),
    "producer": ("来源", "Source"),
}
ENDED: Final = {
    "sold_out": ("售罄", "Sold out"),
    "time_up": ("到时", "Time up"),
    "stopped": ("停止", "Stopped"),
    "halted": ("全停", "Halted"),
    "platform": ("平台结束", "By the platform"),
    "drawn": ("已开奖", "Drawn"),
}
ORDER_STATUSES: Final = {
    "paid": ("已支付", "Paid"),
    "closed": ("已关闭", "Closed"),
    "unpaid": ("未支付", "Unpaid"),
    "lapsed": ("占用已释放", "Lapsed"),
    "seen": ("未见下单", "Not seen placed"),
}
ACTIONS: Final = {
    "room.set": ("改设置", "Settings"),
    "broadcast.opened": ("开播", "Opened"),
    "broadcast.closed": ("下播", "Closed"),
    "catalogue.put": ("改商品", "Products put"),
    "stock.added": ("加库存", "Stock"),
    "stock.limited": ("本场上限", "Limit of the broadcast"),
    "product.shelved": ("上下架", "Shelf"),
    "cart.added": ("加入购物车", "Into the cart"),
    "cart.removed": ("移出购物车", "Out of the cart"),
    "cart.moved": ("移动", "Moved in the cart"),
    "cart.renumbered": ("重新编号", "Renumbered"),
    "cue.queued": ("提交", "Proposed"),
    "cue.edited": ("修改", "Edited"),
    "cue.removed": ("删除", "Removed"),
    "cue.approved": ("审核通过", "Approved"),
    "cue.rejected": ("驳回", "Rejected"),
    "cue.standby": ("定时", "Standby"),
    "cue.recallable": ("开抢", "Fired"),
    "cue.recalled": ("撤回", "Recalled"),
    "cue.missed": ("错过", "Missed"),
    "cue.firing": ("发出", "Fired"),
    "cue.unknown": ("平台未答", "No answer"),
    "cue.on_air": ("上线", "On air"),
    "cue.refused": ("平台拒绝", "Refused"),
    "cue.ended": ("结束", "Ended"),
    "cue.end_confirmed": ("确认已结束", "End confirmed"),
    "cue.measured": ("抄录平台数字", "Figures read"),
    "cue.drawn": ("开奖", "Drawn"),
    "bag.settled": ("领奖", "Prize"),
    "bag.source": ("换来源", "Another source"),
    "bag.asked": ("该发下一个福袋", "Next bag asked for"),
    "bag.opened": ("下一个福袋", "Next bag"),
    "bag.no_more": ("福袋不再发", "No more bags"),
    "place.freed": ("移出接龙", "Taken off the list"),
    "bag.winners": ("录入中奖者", "Winners typed in"),
    "bag.name_settled": ("领奖", "Prize"),
    "room.restored": ("从备份恢复", "Restored from a backup"),
    "clock.stepped": ("时钟跳动", "Clock step"),
    "stock.oversold": ("超卖", "Oversold"),
    "rundown.put": ("改排品表", "Rundown written"),
    "rundown.moved": ("排品移动", "Segment moved"),
    "rundown.removed": ("排品删除", "Segments removed"),
    "rundown.went": ("下一品", "Next segment"),
    "rundown.kept": ("守住定点", "Fixed time kept"),
    "note.put": ("留言", "Note"),
    "note.cleared": ("清留言", "Note cleared"),
    "question.answered": ("问题已回答", "Question answered"),
    **violations.ACTIONS,
    "pledge.put": ("口头承诺", "Pledge"),
    "pledge.cleared": ("划掉口头承诺", "Pledge struck out"),
    "drill.started": ("演练开始", "Drill begun"),
    "drill.ended": ("演练结束", "Drill ended"),
    "words.overridden": ("照用提醒过的词", "Used a warned word"),
}
TOLD: Final = {
    "": ("没有来源报", "nobody"),
    "facts": ("逐笔", "one by one"),
    "hand": ("人工 {at}", "by hand {at}"),
    "source": ("来源 {at}", "a source {at}"),
}
DIFFERENCES: Final = {
    "unknown": ("平台没有回答", "The platform did not answer"),
    "late_start": ("平台确认晚了", "A late yes"),
    "late_end": ("结束确认晚了", "The end was confirmed late"),
    "end_open": ("平台一直没有确认结束", "The end was never confirmed"),
    "refused": ("平台拒绝", "The platform refused"),
    "missed": ("没有按时开始", "It did not start"),
    "measured": ("平台显示的数字不同", "The platform shows another figure"),
    "winners": ("中奖人数与计划不同", "Another number of winners than planned"),
}
RESOLVED: Final = {
    "": ("至今不明", "never resolved"),
    "on_air": ("后来上线", "went on air after all"),
    "refused": ("后来被拒绝", "was refused in the end"),
    "ended": ("没有上线就结束", "ended without going on air"),
}
PROPOSALS: Final = {
    "longer": (
        "{title}：近 {of} 场实讲中位数 {time}，改成 {minutes} 分",
        "{title}: median {time} over {of} broadcasts, make it {minutes} min",
    ),
    "shorter": (
        "{title}：近 {of} 场实讲中位数 {time}，改成 {minutes} 分",
        "{title}: median {time} over {of} broadcasts, make it {minutes} min",
    ),
    "asked": (
        "{title}：讲的时候被问 {figure} 次，全场最多，改成 {minutes} 分",
        "{title}: {figure} questions while it was shown, the most, make it {minutes} min",
    ),
    "sold_out": (
        "{title}：{figure} 秒卖完 {of} 件，下次数量翻倍",
        "{title}: {of} sold out in {figure} s, double the quantity next time",
    ),
    "missed": (
        "{title}：定点晚了 {time}，往前挪一段",
        "{title}: {time} after its fixed time, move it up by one",
    ),
}


class ReportWords:
    """One language of them."""

    def __init__(self, *, english: bool = False) -> None:
        self.english = english

    def __call__(self, key: str) -> str:
        """A fixed word.

        Raises:
            KeyError: there is none of that name.
        """
        return self._of(WORDS[key])

    def kind(self, code: str) -> str:
        return self._of(kinds.title(code))

    def actor(self, code: str) -> str:
        return self._known(ACTORS, code)

    def status(self, code: str) -> str:
        return self._known(STATUS_WORDS, code)

    def order_status(self, code: str) -> str:
        return self._known(ORDER_STATUSES, code)

    def action(self, said: Action) -> str:
        """Return what was done; an event of a later program by its type. The word for 发出 depends on the
        kind."""
        if said.type == "cue.firing" and said.kind == "pin":
            return self.kind("pin")
        words = kinds.WORDS.get(said.kind)
        if said.type == "cue.recallable" and words is not None and words.FIRED is not None:
            return self._of(words.FIRED)
        return self._known(ACTIONS, said.type)

    def detail(self, said: Action) -> str:
        """Its detail: a reason's code in words, everything else as it stands."""
        return self.reason(said.detail)

    def reason(self, code: str) -> str:
        """Return a code of the rules in words; what a person typed stays as typed."""
        if code in ENDED:
            return self._of(ENDED[code])
        if code in TEXTS and "{" not in TEXTS[code][0]:
            return self._of(TEXTS[code])
        return reason_words(code, english=self.english)

    def result(self, said: Promotion) -> str:
        """Return what came of a promotion, with the reason behind it."""
        if said.status == "ended":
            first = self.reason(said.outcome)
        else:
            first = self.status(said.status)
        because = self.reason(said.reason)
        return first if not because or because == first else self.with_(first, because)

    def difference(self, said: Difference) -> str:
        """Return the sentence of a difference, without its promotion."""
        first = self._of(DIFFERENCES[said.code])
        if said.code == "unknown":
            first = self.and_([first, self._of(RESOLVED[said.what])])
        elif said.code == "measured":
            name = self(said.what)
            ours, theirs = ("counted {}", "platform {}") if self.english else ("本机 {}", "平台 {}")
            return self.with_(first, f"{name}: {ours.format(said.wanted)}, {theirs.format(said.shown)}")
        elif said.code == "winners":
            planned, drawn = ("planned {}", "platform {}") if self.english else ("计划 {} 名", "平台 {} 名")
            return self.with_(first, f"{planned.format(said.wanted)}, {drawn.format(said.shown)}")
        elif said.what:
            first = self.with_(first, self.reason(said.what))
        if said.seconds is not None:
            first = self.with_(first, self.seconds(said.seconds))
        return first

    def spec(self, said: Promotion) -> str:
        """Return what a promotion offers, in few words: price × units, a coupon's rule, a prize's number."""
        words = kinds.WORDS.get(said.kind)
        return words.offer(said.spec, english=self.english) if words is not None else ""

    def told(self, said: Promotion, zone: tzinfo | None) -> str:
        """Return who tells its figures and, of what was read off, when: the one place that words it."""
        if said.on_air_at is None and not said.told:
            return ""
        at = said.told_at.astimezone(zone).strftime("%H:%M") if said.told_at is not None else ""
        return self._of(TOLD[said.told]).format(at=at)

    def proposal(self, said: Proposal) -> str:
        """Return what is proposed for the next rundown, and the figure that it comes from."""
        seconds = self.length(timedelta(seconds=said.figure))
        minutes = next((row.get("minutes", 0) for row in said.data.get("segments", ())), 0)
        return self._of(PROPOSALS[said.why]).format(
            title=said.title, time=seconds, figure=said.figure, of=said.of, minutes=f"{minutes:g}"
        )

    def seconds(self, seconds: float) -> str:
        """``4.5 秒``, ``3 分 20 秒``."""
        if seconds < 60:
            return f"{seconds:.1f} s" if self.english else f"{seconds:.1f} 秒"
        minutes, rest = divmod(round(seconds), 60)
        return f"{minutes} min {rest} s" if self.english else f"{minutes} 分 {rest} 秒"

    def length(self, length: timedelta) -> str:
        """``1:02:03`` or ``2:03``."""
        whole = max(0, round(length.total_seconds()))
        hours, minutes, seconds = whole // 3600, whole // 60 % 60, whole % 60
        return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"

    def and_(self, parts: Sequence[str]) -> str:
        return ("; " if self.english else "；").join(parts)

    def with_(self, first: str, second: str) -> str:
        return f"{first} ({second})" if self.english else f"{first}（{second}）"

    def _known(self, table: Mapping[str, tuple[str, str]], code: str) -> str:
        return self._of(table.get(code, (code, code)))

    def _of(self, pair: tuple[str, str]) -> str:
        return pair[self.english]
