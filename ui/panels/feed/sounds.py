"""What must be heard: rules of highlights that struck, and refunds that become more."""

from __future__ import annotations

from typing import Final

from liveconsole.views.feed import Feed
from ui.i18n import t
from ui.preferences import Preferences
from ui.widgets import Chip, set_tip

_FRESH: Final = 15.0
"""Seconds after which a highlight rings no more: what is caught up on is no news."""


class FeedSounds:
    """Plays each once, and has the chip of the refunds."""

    def __init__(self, own: Preferences) -> None:
        self._sounds = own.sounds
        self._rung: dict[str, int] = {}
        self._rising = False
        self.refunds = Chip()
        self.refunds.hide()

    def go_on_with(self, feed: Feed) -> None:
        """What struck until now was heard elsewhere."""
        self._rung = dict(feed.heard)

    def tick(self, feed: Feed, now: float) -> None:
        """Sounds of what struck since the last look, unless it is long ago; ``now`` in seconds."""
        for rule_id, second in feed.heard.items():
            if second > self._rung.get(rule_id, 0):
                self._rung[rule_id] = second
                if now - second <= _FRESH:
                    self._sounds.play(feed.look.highlights.rules[rule_id].sound)
        self._show_refunds(feed, now)

    def _show_refunds(self, feed: Feed, now: float) -> None:
        told = feed.orders.refunds(int(now) // 60)
        if told.rising and not self._rising:
            self._sounds.play("alert")
        self._rising = told.rising
        self.refunds.setVisible(told.rising)
        if told.rising:
            self.refunds.show_as(t("退款变多 {n}", n=told.now), "live", icon="warn")
            why = t(
                "近 10 分钟退款 {n} 单，之前每 10 分钟 {before} 单", n=told.now, before=f"{told.before:.1f}"
            )
            set_tip(self.refunds, why)
            self.refunds.setAccessibleDescription(why)
