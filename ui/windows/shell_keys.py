"""The keys of the one window: what each is at the desk that is in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ui.keys import KeyActions

if TYPE_CHECKING:
    from ui.windows.desk import Desk


def key_actions(
    at_desk: Callable[[Callable[[Desk], object]], bool],
    next_product: Callable[[], bool],
    help_: Callable[[], bool],
    big_screen: Callable[[], bool],
    escape: Callable[[], bool],
    reach: Callable[[str], bool],
    pressed: Callable[[str], None],
    guide: Callable[[], bool],
) -> KeyActions:
    """Return what `Keys` calls. ``at_desk`` does something at the desk, where there is one to be seen; the
    others also mean something elsewhere."""
    return KeyActions(
        next_product=next_product,
        fire=lambda number: at_desk(lambda desk: desk.fire_key(number)),
        stop=lambda number: at_desk(lambda desk: desk.stop_key(number)),
        recall=lambda: at_desk(lambda desk: desk.recall_key()),
        halt=lambda down: at_desk(lambda desk: desk.halt_key(down)),
        help=help_,
        lock=lambda: at_desk(lambda desk: desk.lock()),
        big_screen=lambda: at_desk(lambda _desk: big_screen()),
        escape=escape,
        write=lambda name: at_desk(lambda desk: desk.proposals.key(name)),
        look=lambda name: at_desk(lambda desk: desk.look(name)),
        reach=reach,
        newest=lambda: at_desk(lambda desk: desk.newest()),
        pressed=pressed,
        guide=guide,
        idle=lambda name: at_desk(lambda desk: desk.idle_key(name)),
    )
