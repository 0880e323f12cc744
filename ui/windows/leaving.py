"""Closing the desk while something is on air: does the engine stay?"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from ui.i18n import t
from ui.sheets.sheet import Sheet
from ui.widgets import PlainLabel, button


class LeavingSheet(Sheet):
    """``decide(stop_engine)`` once the person has said what shall be; closing the sheet stays here."""

    def __init__(
        self, running: int, *, may_stop: bool, decide: Callable[[bool], None], parent: QWidget | None = None
    ) -> None:
        super().__init__(t("正在直播"), parent)
        words = t("还有 {n} 个促销在进行。", n=running) if running else t("直播还开着。")
        self.body.addWidget(PlainLabel(words, role="heading", lines=0))
        self.body.addWidget(
            PlainLabel(
                t("引擎留着：促销按时结束，订单照样记，别的席位不受影响；再打开本程序就回到这里。"),
                tone="fg1",
                lines=0,
            )
        )
        self.stay = button(t("关窗口，引擎留着"), "primary")
        self.stay.clicked.connect(lambda: decide(False))
        self.body.addWidget(self.stay)
        self.stop: QWidget | None = None
        if may_stop:
            self.body.addWidget(
                PlainLabel(t("引擎也关：什么都不再计时，也不再记订单，直到再打开。"), tone="fg1", lines=0)
            )
            stop = button(t("引擎也关"), "danger")
            stop.clicked.connect(lambda: decide(True))
            self.body.addWidget(stop)
            self.stop = stop
        back = button(t("不关了"))
        back.clicked.connect(self.close_sheet)
        self.body.addWidget(back)
        self.body.addStretch(1)
