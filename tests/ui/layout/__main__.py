"""Every fault of the layout, with pictures: ``python -m tests.ui.layout FOLDER [scene …]``. Not a test."""

from __future__ import annotations

import os
import sys
from collections import Counter
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from tests.ui.layout.scenes import SCENES
from tests.ui.layout.walk import SIZES, WalkedDesk, application


async def main(folder: Path, names: list[str]) -> None:
    """Raises SystemExit where anything is wrong."""
    kinds: Counter[str] = Counter()
    for language in ("zh", "en"):
        for name in names or SCENES:
            async with WalkedDesk(folder, SCENES[name](), language) as desk:
                for width, height in SIZES:
                    found = await desk.faults(width, height)
                    desk.picture(folder / f"{name}-{width}x{height}-{language}.png")
                    for fault in found:
                        print(f"{name} {width}x{height} {language} {fault}")
                        kinds[f"{fault.rule} {fault.where}"] += 1
    print("\n".join(f"{count:4} {kind}" for kind, count in kinds.most_common()))
    if kinds:
        raise SystemExit(1)


if __name__ == "__main__":
    with application() as run:
        Path(sys.argv[1]).mkdir(parents=True, exist_ok=True)
        run(main(Path(sys.argv[1]), sys.argv[2:]))
