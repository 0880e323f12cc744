"""What is done with the chosen case, or with all that are ticked, as commands of this seat."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import shiboken6
from PySide6.QtCore import QObject, Signal

from liveconsole import tasks
from liveconsole.messages.cases import CaseRow
from ui import clipboard
from ui.i18n import t
from ui.seat.seat import Answer, Seat
from ui.windows.shop.list import CaseList
from ui.windows.shop.note import tags_in
from ui.windows.shop.reading import CaseReading
from ui.windows.shop.words import both
from ui.words.answers import sentence


class CaseCommands(QObject):
    """``told(words, tone)``: for the line at the foot; ``answered(why, code, params)``: for the step, ``""``
    where it was taken; ``judged(said)``: what the rules say to a draft. ``why_read_only`` says why this seat
    may do nothing now."""

    told = Signal(str, str)
    answered = Signal(str, str, object)
    judged = Signal(object)

    def __init__(
        self,
        seat: Seat,
        reading: CaseReading,
        listed: CaseList,
        why_read_only: Callable[[], str],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._seat, self._reading, self._list, self._why_not = seat, reading, listed, why_read_only
        self._drafts = 0

    # One case --------------------------------------------------------------------------------------

    def step(self, step: str, note: str) -> None:
        """A person did a step."""
        data = {"case_id": self._reading.case, "step": step} | ({"note": note} if note else {})
        self._ask("case.step", data)

    def ask_shop(self, act: str, said: dict[str, Any]) -> None:
        """Ask the shop for something."""
        if (about := self._about()) is not None:
            self._ask("shop.answer", {**about, "act": act, **said})

    def judge(self, act: str, said: dict[str, Any]) -> None:
        """What the rules would say to it now; only the newest draft is answered."""
        if (about := self._about()) is not None:
            self._drafts += 1
            tasks.spawn(self._judge({**about, "act": act, **said}, self._drafts), name="judge an answer")

    async def _judge(self, data: dict[str, Any], draft: int) -> None:
        said = await self._seat.judge("shop.answer", data)
        if shiboken6.isValid(self) and said is not None and draft == self._drafts:
            self.judged.emit(said)

    def _about(self) -> dict[str, Any] | None:
        row = self._list.case()
        if row is None:
            return None
        return {"aftersale_id": row.aftersale_id} if row.aftersale_id else {"order_id": row.order_id}

    def confirm(self, ask_id: str, done: bool) -> None:
        """A person did at the shop what was asked of it, or it is not to be done."""
        self._ask("shop.confirm", {"ask_id": ask_id, "done": done})

    def of_review(self, type_: str, data: dict[str, Any]) -> None:
        """On the picture, off it, or what its buyer says to that."""
        if why := self._why_not():
            self.told.emit(why, "warn")
            return
        self._seat.ask_then(self, type_, data, self._answered)

    def write_note(self, text: str) -> None:
        """Of the chosen order; what begins with ``#`` are tags."""
        row = self._list.case()
        if row is None:
            return
        if text.startswith("#"):
            tasks.spawn(self._tag(row.order_id, tags_in(text)), name="tags of an order")
        else:
            self._ask("order.note", {"order_id": row.order_id, "text": text})

    async def _tag(self, order_id: str, typed: list[str]) -> None:
        """Tags that the order has go, others come: the engine is told all of them."""
        has = await self._reading.tags_of(order_id)
        if not shiboken6.isValid(self):
            return
        if has is None:
            self.told.emit(t("引擎没有回应，没有发出去"), "warn")
            return
        tags = [tag for tag in has if tag not in typed] + [tag for tag in typed if tag not in has]
        self._ask("order.note", {"order_id": order_id, "tags": tags})

    def _ask(self, type_: str, data: dict[str, Any]) -> None:
        if why := self._why_not():
            self.told.emit(why, "warn")
            return
        self._seat.ask_then(self, type_, data, self._answered)

    def _answered(self, answer: Answer) -> None:
        why = "" if answer.ok else sentence(answer)
        self.answered.emit(why, answer.code, answer.params)
        self.told.emit(why or t("记下了"), "live" if why else "ok")
        self._reading.again()

    # Several ---------------------------------------------------------------------------------------

    def _ticked(self) -> list[CaseRow]:
        found = (self._list.case(case_id) for case_id in self._list.ticked)
        return [row for row in found if row is not None]

    def _same_step(self) -> str:
        """The words of the step in which all ticked cases are, ``""`` where they are not in one."""
        rows = self._ticked()
        words = rows[0].step_text if rows else None
        one = len({(row.kind, row.step) for row in rows}) == 1
        return both(words) if words is not None and one and rows[0].step else ""

    def ticked_words(self) -> str:
        """How many are ticked, and what can be done with all of them."""
        step, n = self._same_step(), len(self._list.ticked)
        if step:
            return t("选中 {n} 单 · B 一起记：{step}", n=n, step=step)
        return t("选中 {n} 单 · 不在同一步，不能一起记", n=n)

    def do_ticked(self) -> None:
        """B: the step of all that are ticked, one after the other; the first that is refused is the last."""
        if not self._list.ticked:
            self.told.emit(t("先用 X 选中几单"), "warn")
        elif why := self._why_not():
            self.told.emit(why, "warn")
        elif not self._same_step():
            self.told.emit(self.ticked_words(), "warn")
        else:
            steps = [(row.case_id, row.step) for row in self._ticked()]
            tasks.spawn(self._do_all(steps), name="a step of several")

    async def _do_all(self, steps: list[tuple[str, str]]) -> None:
        done, refused = 0, ""
        for case_id, step in steps:
            answer = await self._seat.ask("case.step", {"case_id": case_id, "step": step})
            if not answer.ok:
                refused = sentence(answer)
                break
            done += 1
        if shiboken6.isValid(self):
            self._list.untick()
            said = t("{n} 单记下了", n=done)
            self.told.emit(f"{said} · {refused}" if refused else said, "live" if refused else "ok")
            self._reading.again()

    def copy_numbers(self) -> bool:
        """O: the numbers of what is ticked; False where nothing is."""
        numbers = list(dict.fromkeys(row.order_id for row in self._ticked()))
        if numbers:
            clipboard.copy("\n".join(numbers))
            self.told.emit(t("{n} 个订单号复制好了", n=len(numbers)), "ok")
        return bool(numbers)
