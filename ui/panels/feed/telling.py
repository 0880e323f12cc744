"""What a row says on this desk: codes of the fold in words, and what the desk knows beside them."""

from __future__ import annotations

from typing import Final

from liveconsole.messages.fields import FORGOTTEN
from liveconsole.views.feed import (
    COMMENT,
    GIFT,
    ORDER,
    Feed,
    FeedRow,
    ListedRow,
    MarkReason,
    is_fraud,
    is_lure,
    reason_of,
)
from ui.clean import clean
from ui.i18n import t
from ui.panels.feed.layout import Badges, RowWords
from ui.panels.feed.words import (
    aftersale_word,
    clock_time,
    hidden_words,
    kept_back,
    says,
    standing_word,
    times,
    who,
    why_listed,
    why_marked,
)

_HANDED_MAX: Final = 500


class Teller:
    """``keeps_back``: whether comments that cheat or lure are named instead of shown."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._handed: set[int] = set()
        self.keeps_back = True
        self.now = 0.0
        """Seconds since the epoch, for what counts down."""

    def hand(self, row: FeedRow) -> None:
        """It went to the host."""
        if len(self._handed) > _HANDED_MAX:
            self._handed.clear()
        self._handed.add(row.seq)

    def is_kept_back(self, row: FeedRow) -> bool:
        """Whether its text is not shown: it goes no further than the platform."""
        return row.hidden or (self.keeps_back and row.kind == COMMENT and (is_fraud(row) or is_lure(row)))

    def is_signed(self, row: FeedRow) -> bool:
        """Whether it has a mark that may be wrong."""
        return row.kind == COMMENT and (is_fraud(row) or is_lure(row) or self._reason(row) is not None)

    def _reason(self, row: FeedRow) -> MarkReason | None:
        return reason_of(row, self._feed.look.signs)

    def words(self, row: FeedRow) -> RowWords:
        """As it stands in the list."""
        clock, name, end = clock_time(row.at), who(row), times(row, self.now)
        if row.hidden:
            return RowWords(clock, "", [], hidden_words(), end, counted=True, muted=True)
        if self.is_kept_back(row):
            return RowWords(clock, name, [], kept_back(row), end, counted=True, muted=True)
        return RowWords(
            clock,
            name,
            self._badges(row),
            says(row),
            end,
            counted=row.kind in (COMMENT, GIFT) or end != "",
            named=row.kind == ORDER and not isinstance(row, ListedRow),
        )

    def sentence(self, row: FeedRow) -> str:
        """As it stands in the list, for assistive tools."""
        words = self.words(row)
        return _joined(words.clock, words.name, *(word for word, _ in words.badges), words.text, words.end)

    def whole(self, row: FeedRow) -> str:
        """For the tip: all of it, also of what is kept back."""
        if row.hidden:
            return hidden_words()
        badges = (word for word, _ in self._badges(row))
        if isinstance(row, ListedRow):
            back = (t("售后：{how}", how=aftersale_word(how)) for how in row.order.aftersales)
            stands = standing_word(row.order.standing)
            return _joined(clean(row.order.order_id, 200), says(row), stands, *back)
        why = why_marked(row) if row.kind == COMMENT and (is_fraud(row) or is_lure(row)) else ""
        wrong = t("标错了按 X，以后这句不标") if self.is_signed(row) else ""
        return _joined(who(row), *badges, says(row), times(row, self.now), why, wrong)

    def _badges(self, row: FeedRow) -> Badges:
        """Words and tones of what is known about a comment beyond its text."""
        if row.kind != COMMENT:
            return []
        found = []
        if row.seq in self._handed:
            found.append((t("已选"), "accent"))
        if (level := self._feed.members.get(row.pid)) is not None:
            found.append((level, "bag"))
        if row.pid and row.pid in self._feed.orders.buyers:
            found.append((t("买过"), "ok"))
        elif row.new:
            found.append((t("首次"), "coupon"))
        if is_fraud(row):
            found.append((t("〔疑似诈骗〕"), "live"))
        elif is_lure(row):
            found.append((t("〔站外引流〕"), "live"))
        elif (reason := self._reason(row)) is not None:
            found.append((f"〔{why_listed(reason)}〕", "warn"))
        return found


def has_card(row: FeedRow) -> bool:
    """Whether a person stands in the row of whom more is known."""
    return row.kind in (COMMENT, GIFT) and row.pid not in ("", FORGOTTEN)


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)
