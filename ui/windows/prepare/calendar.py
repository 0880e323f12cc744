"""The left column: campaigns to come, the next one first, amber while it is time to warm up."""

from __future__ import annotations

from datetime import date
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from liveconsole.messages.preparations import CampaignTold
from ui import theme
from ui.i18n import t
from ui.widgets import PlainLabel, Section, set_tip
from ui.words import prepare as words

SHOWN_MOST: Final = 14


def scrolled(inside: QWidget) -> QScrollArea:
    """Return a place in which something may be longer than the window; the wheel and the cursor move it."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(inside)
    return area


def indented(label: PlainLabel) -> QHBoxLayout:
    """Return a line in which a heading stands over its rows."""
    line = QHBoxLayout()
    line.setContentsMargins(14, 10, 14, 4)
    line.addWidget(label)
    return line


class _CampaignRow(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.name = PlainLabel("", role="strong", elide=True)
        self.until = PlainLabel("", role="small", tone="fg1")
        self.days = PlainLabel("", role="small", tone="fg2", lines=0)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 6, 14, 6)
        column.setSpacing(1)
        for each in (self.name, self.until, self.days):
            column.addWidget(each)

    def show_campaign(self, campaign: CampaignTold, today: date) -> None:
        tone = words.campaign_tone(campaign, today)
        self.name.setText(words.named(campaign.zh, campaign.en))
        until = words.until_words(campaign.days if campaign.last >= today else 0)
        warm = campaign.warm_from <= today < campaign.first
        self.until.setText(f"{until} · " + t("该预热了") if warm else until)
        self.until.set_tone(tone)
        self.days.setText(words.campaign_line(campaign, today))


_LARGE: Final = 1.5
"""Size of type from which there is no room for the day beside the name of the section."""


class CampaignList(Section):
    """大促日历."""

    def __init__(self) -> None:
        super().__init__(t("大促日历"), flush=True)
        inside = QWidget()
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 0, 0, 8)
        self._column.setSpacing(2)
        self._column.addStretch(1)
        self.rows: list[_CampaignRow] = []
        self.empty = PlainLabel(t("日历里没有以后的大促"), tone="fg2", lines=0)
        self.body.addLayout(indented(self.empty))
        self.body.addWidget(scrolled(inside), 1)

    def show_campaigns(self, campaigns: list[CampaignTold], today: date, checked: date | None) -> None:
        """What comes within the year."""
        shown = campaigns[:SHOWN_MOST]
        while len(self.rows) < len(shown):
            row = _CampaignRow()
            self._column.insertWidget(len(self.rows), row)
            self.rows.append(row)
        for row, campaign in zip(self.rows, shown, strict=False):
            row.show_campaign(campaign, today)
        for place, row in enumerate(self.rows):
            row.setVisible(place < len(shown))
        self.empty.setVisible(not shown)
        whole = t("参考，{day} 核对", day=checked) if checked is not None else t("参考")
        self.note.setText(whole if theme.text_scale() < _LARGE else t("参考"))
        set_tip(self.note, whole)
