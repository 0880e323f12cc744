"""Take every picture of docs/images: ``python -m tests.shots [FOLDER]``. About a minute; needs a Chromium.

Not a test. Each scale of the desk is a process of its own: Qt takes it once.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def main(folder: Path) -> None:
    """Write them into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    os.environ |= {"LIVECONSOLE_KEYRING": "off", "TZ": "Asia/Shanghai"}
    if hasattr(time, "tzset"):
        time.tzset()
    for ratio in ("1", "2"):
        subprocess.run([sys.executable, "-m", "tests.shots.seats", str(folder), ratio], check=True, cwd=ROOT)
    subprocess.run([sys.executable, "-m", "tests.shots.windows", str(folder)], check=True, cwd=ROOT)
    from tests.shots import pages
    from tests.shots.evening import play

    with tempfile.TemporaryDirectory() as scratch:
        evening = play(Path(scratch), closed=True)
    asyncio.run(pages.take(folder, evening))
    sizes = {file.name: file.stat().st_size for file in sorted(folder.glob("*.png"))}
    for name, size in sizes.items():
        print(f"{size / 1000:8.0f} kB  {name}")
    print(f"{sum(sizes.values()) / 1000:8.0f} kB")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "images")
