"""整点秒杀: a promotion that comes again on a beat, by one approval."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec
from msgspec import Struct

BEAT_MOST: Final = 1_440
"""Minutes from one time to the next."""
TIMES_MOST: Final = 48


class Repeat(Struct, frozen=True):
    """Every ``minutes`` from the first time on, ``times`` times in all."""

    minutes: Annotated[int, msgspec.Meta(ge=1, le=BEAT_MOST)]
    times: Annotated[int, msgspec.Meta(ge=2, le=TIMES_MOST)]
