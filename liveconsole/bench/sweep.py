"""The feed alone, from a quiet room to a storm, beside the two views that one would build it from."""

from __future__ import annotations

from typing import Any, Final

from liveconsole.bench.figures import BenchRow, against
from liveconsole.bench.program import desk_program
from liveconsole.bench.world import BenchRun

NAME: Final = "sweep"
_QUICK: Final = (10_000,)
_FULL: Final = (100, 1_000, 10_000, 40_000)
_RIVALS: Final = {
    "text_edit": "QPlainTextEdit, one append a frame, 5,000 lines",
    "list_view": "QListView with a model, 5,000 rows",
}


async def measure(world: BenchRun) -> list[BenchRow]:
    """Event-loop gaps and frames at every rate; no engine, so that nothing but the view differs."""
    figures: list[BenchRow] = []
    for rate in _QUICK if world.quick else _FULL:
        told = await desk_program("rivals", "--rate", str(rate), "--seconds", str(world.pick(2, 5)))
        figures += _at(rate, told)
    return figures


def _at(rate: int, told: dict[str, Any]) -> list[BenchRow]:
    ours = told["ours"]
    figures = []
    for rival, words in _RIVALS.items():
        for what, sentence in (("gap", "event loop away"), ("frame", "work of a frame")):
            value, other = ours[what]["p99"], told[rival][what]["p99"]
            figures.append(
                BenchRow(
                    NAME,
                    f"the feed alone at {rate:,} comments/s: {sentence}, 99 of 100",
                    value,
                    "ms",
                    words,
                    other,
                    against(other, value),
                )
            )
    return figures
