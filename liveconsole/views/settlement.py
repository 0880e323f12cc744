"""What an evening brings, in sentences for the report: the range, what is in it, who gets which part."""

from __future__ import annotations

from liveconsole.messages.settlements import FeeTold, SettlementTold
from liveconsole.views.money import yuan

_WHO: dict[str, tuple[str, str]] = {
    "": ("店铺", "the shop"),
    "host": ("主播", "host"),
    "assistant": ("助理", "assistant"),
    "agency": ("机构", "agency"),
}


def settlement_text(told: SettlementTold, english: bool = False) -> str:
    """Return the section as lines; what nobody knows is a dash with why."""
    lines = ["What it brings (for reference)" if english else "这场到手（参考）"]
    if told.orders is not None and told.settled is not None:
        lines.append(_counted(told, english))
    lines.append(_sum(told, english))
    lines += [f"  — {why.said(english=english)}" for why in told.why]
    if told.asked_back_fen:
        asked = yuan(told.asked_back_fen)
        lines.append(f"  {asked} is asked back still" if english else f"  还有 {asked} 在申请退款，下限已扣")
    lines += [_fee(fee, english) for fee in told.fees]
    if told.payout is not None and told.fees:
        rate = _range(*told.payout)
        lines.append(f"  Payout fee {rate} %" if english else f"  提现手续费 {rate} %")
    if told.fees:
        checked = str(told.checked or "—")
        said = f"  By the table of {told.table}, checked {checked}" if english else ""
        lines.append(said or f"  按「{told.table}」的费率表，{checked} 核对")
    lines += _parts(told, english)
    return "\n".join(lines)


def _counted(told: SettlementTold, english: bool) -> str:
    paid, back = yuan(told.paid_fen or 0), yuan(told.refund_fen or 0)
    if english:
        return f"  {told.orders} paid orders, {told.settled} settled · paid {paid} · refunded {back}"
    return f"  已付 {told.orders} 单，已结算 {told.settled} 单 · 付了 {paid} · 退了 {back}"


def _sum(told: SettlementTold, english: bool) -> str:
    name = "Brings" if english else "到手"
    if told.low_fen is None or told.high_fen is None:
        if told.known_low_fen is None or told.known_high_fen is None or not told.orders:
            return f"  {name} —"
        of = _fens(told.known_low_fen, told.known_high_fen)
        if english:
            return f"  {name} — ({of} of the orders whose fees are known, {yuan(told.unknown_fen)} besides)"
        return f"  {name} —（算得出的部分 {of}，另有 {yuan(told.unknown_fen)} 算不出扣多少）"
    return f"  {name} {_fens(told.low_fen, told.high_fen)}"


def _fee(fee: FeeTold, english: bool) -> str:
    rate, fens = _range(fee.low_percent, fee.high_percent), _fens(fee.low_fen, fee.high_fen)
    if english:
        return f"  {fee.en}: service fee {rate} % of {yuan(fee.base_fen)} = {fens}"
    return f"  {fee.zh}：技术服务费 {rate} %，{yuan(fee.base_fen)} 扣 {fens}"


def _parts(told: SettlementTold, english: bool) -> list[str]:
    if told.parts_why is not None:
        return [f"  {'Parts' if english else '分成'} — {told.parts_why.said(english=english)}"]
    found = []
    for part in told.parts:
        who = _WHO.get(part.who, (part.who, part.who))[english]
        found.append(f"  {who} {part.percent} %: {_fens(part.low_fen, part.high_fen)}")
    return found


def _fens(low: int, high: int) -> str:
    return yuan(low) if low == high else f"{yuan(low)} – {yuan(high)}"


def _range(low: str, high: str) -> str:
    return low if low == high else f"{low}–{high}"
