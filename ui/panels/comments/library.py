"""The answer library at the desk: for a product or for all, taken from drafts, out to a file and back."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path

import shiboken6
from PySide6.QtWidgets import QVBoxLayout, QWidget

from liveconsole import tasks
from liveconsole.intake.answer_rows import BYTES_MAX, REASONS, read_answers, write_answers
from liveconsole.messages.answers import ANSWER_LONG, QUESTION_LONG
from liveconsole.messages.state import AnswerState, DraftState
from ui import i18n
from ui.alive import alive
from ui.clean import clean
from ui.i18n import t
from ui.panels.comments.facts import ProductFacts
from ui.parts.keyed_rows import ROWS_SHOWN, DeskRow, KeyedRows, RowKey, said_by
from ui.parts.written_line import WrittenLine
from ui.seat.room import RoomView
from ui.seat.seat import Answer, Seat
from ui.sheets.advice import AdviceList
from ui.sheets.choices import ChoiceBox, products_of
from ui.sheets.draft_check import DraftCheck, word_advice
from ui.widgets import FlowRow, PlainLabel, button
from ui.widgets.files import choose_file

_REASONS_SHOWN = 3


class AnswerLibrary(QWidget):
    """Enter writes the answer. ``groups``: ids of the groups of questions → their names."""

    def __init__(self, seat: Seat, said: PlainLabel, groups: dict[str, str]) -> None:
        super().__init__()
        self._seat, self._said, self._groups = seat, said, groups
        self._room: RoomView | None = None
        self._shown: object = None
        self._editing = ""
        self.product = ChoiceBox()
        self.product.setAccessibleName(t("哪个商品"))
        self.question = WrittenLine(t("问题"), t("问题，或一类问题的名字"), self.write)
        self.zh = WrittenLine(t("中文回答"), t("中文回答，回车记下"), self.write)
        self.en = WrittenLine(t("英文回答"), t("英文回答，可以不写"), self.write)
        self.question.setMaxLength(QUESTION_LONG)
        self.zh.setMaxLength(ANSWER_LONG)
        self.en.setMaxLength(ANSWER_LONG)
        self.counsel = AdviceList()
        self.wording = DraftCheck(seat, self, lambda words: self.counsel.show_advice(word_advice(words)))
        for line in (self.zh, self.en, self.question):
            line.textEdited.connect(self._look)
        self.write_it = button(t("记下回答"), "primary")
        self.write_it.clicked.connect(self.write)
        self.bring, self.take = button(t("导入 CSV…"), "quiet"), button(t("导出 CSV…"), "quiet")
        self.bring.clicked.connect(self._pick_in)
        self.take.clicked.connect(self._pick_out)
        self.facts = ProductFacts(seat, said)
        self.product.currentIndexChanged.connect(self._product_chosen)
        self.drafts, self.answers = KeyedRows(), KeyedRows()
        self._lay_out()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        files = QWidget()
        row = FlowRow(files)
        for key in (self.write_it, self.bring, self.take):
            row.addWidget(key)
        why = t("评论里按 C：复制回答，记为已回答。商品的参数和尺码表也会用上；没有的参数就说没有。")
        parts: tuple[QWidget, ...] = (
            PlainLabel(why, role="small", tone="fg2", lines=0),
            self.product,
            self.question,
            self.zh,
            self.en,
            self.counsel,
            files,
            self.facts,
            self.drafts,
            self.answers,
        )
        for part in parts:
            column.addWidget(part)

    def show_room(self, room: RoomView) -> None:
        """The library and the drafts as the engine has them."""
        self._room = room
        self.product.set_items(products_of(room, none=t("不限商品")))
        self.facts.show_room(room)
        shown = (room.answers, room.drafts, room.numbers)
        if shown == self._shown:
            return
        self._shown = shown
        self.drafts.show_rows([self._draft(one) for one in reversed(room.drafts)])
        rows = [self._answer(one) for one in reversed(room.answers)]
        left = len(rows) - ROWS_SHOWN
        more = t("还有 {n} 条，导出 CSV 看全部", n=left) if left > 0 else ""
        self.answers.show_rows(rows, more or ("" if rows else t("还没有写好的回答")))
        self.take.setEnabled(bool(room.answers))

    def _product_chosen(self) -> None:
        room, chosen = self._room, self.product.chosen
        self.facts.show_product(room.products.get(chosen) if room is not None and chosen else None)

    def begin(self, question: str = "") -> None:
        """Write an answer to this one, for what is explained now."""
        self.question.setText(question)
        room = self._room
        self.product.choose((room.pinned.wanted if room is not None else None) or "")
        (self.zh if question else self.question).setFocus()

    def write(self) -> None:
        """Into the library; a word that nobody has seen the warning of waits for another press."""
        if self.question.text().strip() and (self.zh.text().strip() or self.en.text().strip()):
            self.wording.settle(self._write, lambda: None)

    def _data(self) -> dict[str, object]:
        question = self.question.text().strip()
        named = {name: id_ for id_, name in self._groups.items()}
        data: dict[str, object] = {
            "question": named.get(question, question),
            "zh": self.zh.text().strip(),
            "en": self.en.text().strip(),
        }
        if (product := self.product.chosen) is not None:
            data["product_id"] = product
        return data | ({"answer_id": self._editing} if self._editing else {})

    def _look(self) -> None:
        self.wording.look("answer.put", self._data())

    def _write(self) -> None:
        override = {"override": list(self.wording.terms)} if self.wording.terms else {}
        self._seat.ask_then(self, "answer.put", self._data() | override, self._written)

    def _written(self, answer: Answer) -> None:
        said_by(self._said, t("记下了"))(answer)
        if answer.ok:
            self._editing = ""
            for line in (self.question, self.zh, self.en):
                line.clear()
            self.wording.forget()
            self.question.setFocus()

    def _about(self, product_id: str | None, question: str) -> str:
        room = self._room
        asked = self._groups.get(question, question)
        if product_id is None or room is None:
            return f"{clean(asked, 60)} · {t('不限商品')}"
        number = room.numbers.get(product_id)
        what = clean(room.title(product_id), 30)
        return f"{clean(asked, 60)} · {what if number is None else t('{n} 号', n=number) + ' ' + what}"

    def _answer(self, one: AnswerState) -> DeskRow:
        words = " / ".join(clean(text, ANSWER_LONG) for text in (one.zh, one.en) if text)
        about = self._about(one.product_id, one.question)
        edit = partial(self._edit, one.answer_id, one.product_id, one.question, one.zh, one.en)
        gone = partial(self._remove, one.answer_id)
        keys = (
            RowKey("", t("改 {what}", what=about), edit, icon="edit"),
            RowKey("", t("删掉 {what}", what=about), gone, icon="trash"),
        )
        return DeskRow(words, about, keys)

    def _draft(self, one: DraftState) -> DeskRow:
        about = self._about(one.product_id, one.question)
        edit = partial(self._edit, "", one.product_id, one.question, one.text, "")
        key = RowKey(t("写进回答库"), t("写进回答库：{what}", what=about), edit)
        return DeskRow(clean(one.text, ANSWER_LONG), f"{t('草稿：这样答过')} · {about}", (key,))

    def _edit(self, answer_id: str, product_id: str | None, question: str, zh: str, en: str) -> None:
        self._editing = answer_id
        self.product.choose(product_id or "")
        self.question.setText(self._groups.get(question, question))
        self.zh.setText(zh)
        self.en.setText(en)
        self._look()
        self.zh.setFocus()

    def _remove(self, answer_id: str) -> None:
        self._seat.ask_then(self, "answer.remove", {"answer_id": answer_id}, said_by(self._said))

    # Files --------------------------------------------------------------------------------------------

    def _pick_out(self) -> None:
        kinds = [t("表格文本 (*.csv)")]
        choose_file(self, t("导出 CSV…"), kinds, lambda path: self.save(Path(path)), save_as="answers.csv")

    def save(self, path: Path) -> None:
        """Write the library where the person said."""
        if self._room is not None:
            raw = write_answers(self._room.answers)
            tasks.spawn(self._file(partial(path.write_bytes, raw), t("写好了")), name="save answers")

    async def _file(self, act: partial[int], done: str) -> None:
        why = ""
        try:
            await alive(self, asyncio.to_thread(act))
        except OSError as error:
            why = error.strerror or type(error).__name__
        self._tell(t("存不下来：{why}", why=why) if why else done, well=not why)

    def _pick_in(self) -> None:
        choose_file(self, t("导入 CSV…"), [t("表格文本 (*.csv)")], lambda path: self.load(Path(path)))

    def load(self, path: Path) -> None:
        """Take a file's rows into the library, one command a row."""
        tasks.spawn(self._load(path), name="load answers")

    async def _load(self, path: Path) -> None:
        room = self._room
        try:
            raw = await alive(self, asyncio.to_thread(_read, path))
        except OSError as error:
            self._tell(t("读不了：{why}", why=error.strerror or type(error).__name__), well=False)
            return
        known = frozenset(room.products) if room is not None else frozenset()
        read = await asyncio.to_thread(read_answers, raw, known)
        taken, why = 0, [(row, REASONS[code][i18n.language() == "en"]) for row, code in read.refused]
        for row, data in enumerate(read.puts, 1):
            answer = await self._seat.ask("answer.put", data)
            taken += answer.ok
            if not answer.ok:
                why.append((row, answer.text))
        if not shiboken6.isValid(self):  # what was begun is put whole, whether somebody looks or not
            return
        told = t("导入 {n} 条", n=taken)
        if why:
            rows = [t("第 {row} 行：{why}", row=row, why=said) for row, said in why[:_REASONS_SHOWN]]
            first = t("；").join(rows)
            told = t("{told}，{n} 行没有进来：{first}", told=told, n=len(why), first=first)
        self._tell(told, well=not why)

    def _tell(self, words: str, *, well: bool) -> None:
        self._said.set_tone("ok" if well else "warn")
        self._said.setText(words)


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(BYTES_MAX + 1)
