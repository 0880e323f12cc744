"""想要, 返场, 加单: what people wish for, in people, with the key that opens the sheet to do it; nothing goes
out by itself."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from liveconsole.views.wishes import Wish
from ui.clean import clean
from ui.i18n import t
from ui.parts.keyed_rows import DeskRow, KeyedRows, RowKey
from ui.seat.room import RoomView


class WishedFor(KeyedRows):
    """``show_wishes`` as the engine counts them. ``propose(kind, product_id)``: ``back`` or ``more``."""

    def __init__(self, propose: Callable[[str, str], object]) -> None:
        super().__init__()
        self._propose = propose
        self._room: RoomView | None = None
        self._wishes: list[Wish] = []
        self._simulated = False
        self._shown: object = None

    def show_room(self, room: RoomView) -> None:
        """Titles and numbers may have changed."""
        self._room = room
        self._show()

    def show_wishes(self, wishes: list[Wish], simulated: bool) -> None:
        """As of now."""
        self._wishes, self._simulated = wishes, simulated
        self._show()

    def _show(self) -> None:
        room = self._room
        if room is None:
            return
        titles = [(room.numbers.get(w.product_id), room.title(w.product_id)) for w in self._wishes]
        shown = (self._wishes, self._simulated, titles)
        if shown == self._shown:
            return
        self._shown = shown
        rows = [self._row(wish, *told) for wish, told in zip(self._wishes, titles, strict=True)]
        self.show_rows(rows, "" if rows else t("还没有人说想要、返场、补货"))

    def _row(self, wish: Wish, number: int | None, title: str) -> DeskRow:
        what = clean(title, 40) if number is None else f"{t('{n} 号', n=number)} {clean(title, 40)}"
        counts = (("想要 {n} 人", wish.want), ("返场 {n} 人", wish.back), ("补货 {n} 人", wish.more))
        under = " · ".join(t(words, n=f"{n:,}") for words, n in counts if n)
        if self._simulated:
            under = f"{under} · {t('模拟')}"
        if wish.proposal is None:
            return DeskRow(what, under)
        words = t("加单…") if wish.proposal == "more" else t("返场…")
        press = partial(self._propose, wish.proposal, wish.product_id)
        name = t("{what}：{how}打开填好的表，不会自己发", what=what, how=words)
        return DeskRow(what, under, (RowKey(words, name, press, "primary"),))
