"""The picture of one product: chosen from a file, or taken away."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from liveconsole import tasks
from ui import theme
from ui.i18n import t
from ui.seat.room import RoomView
from ui.seat.seat import Answer, Seat
from ui.sheets.sheet import Sheet
from ui.widgets import PlainLabel, button
from ui.widgets.files import choose_file
from ui.widgets.picture import ProductPicture
from ui.widgets.picture_file import PictureRefused, kinds, read_picture
from ui.words.answers import refusal, sentence

_SIDE = 240


class PictureSheet(Sheet):
    """A picture counts once the engine has kept it and put it to the product."""

    SECTIONS: ClassVar = ("catalogue",)

    def __init__(self, seat: Seat, product_id: str, room: RoomView, parent: QWidget | None = None) -> None:
        super().__init__(t("商品图片"), parent)
        self._seat, self._product_id, self._busy = seat, product_id, False
        self.picture = ProductPicture(round(_SIDE * theme.text_scale()))
        self.pick = button(t("选图片…"), "primary")
        self.drop = button(t("去掉图片"), "quiet")
        self.said = PlainLabel("", tone="fg1", lines=0)
        room = room.only(*self.SECTIONS)
        self.body.addWidget(PlainLabel(room.title(product_id), role="heading", lines=2))
        self.body.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignHCenter)
        row = QHBoxLayout()
        row.addWidget(self.pick)
        row.addWidget(self.drop)
        row.addStretch(1)
        self.body.addLayout(row)
        more = t("PNG、JPEG 或 WebP，也可以拖到这里；会缩小，存在本机的加密文件里。")
        self.body.addWidget(PlainLabel(more, role="small", tone="fg1", lines=0))
        self.body.addWidget(self.said)
        self.body.addStretch(1)
        self.pick.clicked.connect(self._pick)
        self.drop.clicked.connect(lambda: self._put(None))
        self.setAcceptDrops(True)
        self._show(room)

    def show_room(self, room: RoomView, now: datetime) -> None:
        self._show(room.only(*self.SECTIONS))

    def _show(self, room: RoomView) -> None:
        product = room.products.get(self._product_id)
        image = product.image if product is not None else None
        self.picture.show_product(image, room.title(self._product_id))
        self.drop.setVisible(image is not None)

    def _pick(self) -> None:
        choose_file(self, t("选商品图片"), kinds(), self.take_file)

    def take_file(self, path: str) -> None:
        """A picture was chosen; one at a time."""
        if not self._busy:
            self._begin(t("正在看图片…"))
            tasks.spawn(self._take_file(path), name="a product's picture")

    async def _take_file(self, path: str) -> None:
        try:
            kept = await self._seat.keep_picture(await read_picture(path))
        except PictureRefused as why:
            kept = Answer(False, code=why.code, params=why.params, text=refusal(why.code, why.params))
        if not shiboken6.isValid(self):
            return
        if kept.ok:
            self._put(str(kept.result["sha256"]))
        else:
            self._answered(kept)

    def _put(self, sha: str | None) -> None:
        self._begin(t("正在放…"))
        data = {"products": [{"product_id": self._product_id, "image": sha}]}
        self._seat.ask_then(self, "catalogue.put", data, self._answered)

    def _begin(self, words: str) -> None:
        self._busy = True
        self._say(words, "fg1")

    def _answered(self, answer: Answer) -> None:
        self._busy = False
        self._say(t("放好了") if answer.ok else sentence(answer), "ok" if answer.ok else "live")

    def _say(self, words: str, tone: str) -> None:
        self.said.set_tone(tone)
        self.said.setText(words)
        for key in (self.pick, self.drop):
            key.setEnabled(not self._busy)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = next((url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()), "")
        if path:
            event.acceptProposedAction()
            self.take_file(path)
