"""How far the words have run, and how fast they run. No Qt; time comes in as seconds that passed."""

from __future__ import annotations

from typing import Final

STEPS_A_UNIT: Final = 20
"""The speed is counted in whole steps of 0.05, so that twenty up and twenty down are where one was."""
SLOWEST: Final = 2
FASTEST: Final = 80
CHARACTERS_A_MINUTE: Final = 240
"""What 1.00× means: a Chinese live voice says 200 to 300 characters a minute."""


class Scroll:
    """A place in a text, counted in its characters: other widths and sizes of type keep it."""

    def __init__(self) -> None:
        self._steps = STEPS_A_UNIT
        self.length = 0
        self.at = 0.0
        """Characters that have gone by, 0 to ``length``."""
        self.paused = True

    @property
    def speed(self) -> float:
        """1.0 is `CHARACTERS_A_MINUTE`."""
        return self._steps / STEPS_A_UNIT

    @property
    def pace(self) -> int:
        """Characters a minute."""
        return round(CHARACTERS_A_MINUTE * self.speed)

    @property
    def left(self) -> float:
        """Seconds that the rest takes at this speed."""
        return (self.length - self.at) * 60 / (CHARACTERS_A_MINUTE * self.speed)

    @property
    def moving(self) -> bool:
        """Whether time changes anything."""
        return not self.paused and self.at < self.length

    def step(self, by: int) -> None:
        """Faster or slower by so many steps of 0.05."""
        self._steps = min(FASTEST, max(SLOWEST, self._steps + by))

    def start(self, length: int) -> None:
        """The beginning of a text of ``length`` characters. Whether it runs stays as it is."""
        self.length, self.at = length, 0.0

    def resize(self, length: int) -> None:
        """The same text, edited: the place stays, within it."""
        self.length = length
        self.at = min(self.at, float(length))

    def advance(self, seconds: float) -> None:
        """Run for so long, to the end at most."""
        if self.moving:
            self.move(CHARACTERS_A_MINUTE * self.speed / 60 * seconds)

    def move(self, characters: float) -> None:
        """On, or back (negative)."""
        self.at = min(float(self.length), max(0.0, self.at + characters))
