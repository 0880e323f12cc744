"""One quiet line, off air: there is a newer version. It stands where the broadcast is opened."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from liveconsole import __version__
from liveconsole.updates.installed import is_newer
from ui import preferences
from ui.i18n import t
from ui.widgets import PlainLabel, button


class UpdateHint(QWidget):
    """Hidden while nothing is known. `wanted`: the person wants to read what is new."""

    wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._watch, self._installed = preferences.current().updates, preferences.current().installed
        self.words = PlainLabel("", role="small", tone="fg1", elide=True)
        self.more = button(t("看看有什么新的"), "quiet")
        self.more.clicked.connect(self.wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.words)
        row.addWidget(self.more)
        row.addStretch(1)
        self._watch.moved.connect(self._show)
        self._installed.moved.connect(self._show)
        self._key = id(self)
        self.destroyed.connect(partial(self._watch.show_on_air, self._key, False))
        self._show()

    def show_on_air(self, on: bool) -> None:
        """Its desk's room is on air, or off: nothing is asked meanwhile."""
        self._watch.show_on_air(self._key, on)

    def _show(self) -> None:
        offer = self._watch.offer
        if offer is not None and not is_newer(offer.notice.version, self._installed.newer or __version__):
            offer = None  # it is installed already, and said beside this
        if offer is not None:
            self.words.setText(t("有新版本 {version}", version=offer.notice.version))
        self.setVisible(offer is not None)
