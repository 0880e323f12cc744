"""Make the whole guide anew: ``python dev.py guide``, or ``-m tests.guide [zh|en [picture …]]``. Minutes.

Pictures first (those of web pages need a Chromium; without one they stay as they are), then the pages that
are made and not written, then the built texts. ``text``: only those.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ |= {"LIVECONSOLE_KEYRING": "off", "TZ": "Asia/Shanghai", "QT_SCALE_FACTOR": "1"}
if hasattr(time, "tzset"):
    time.tzset()

import asyncio
import tempfile
from pathlib import Path

from liveconsole.guide import LANGUAGES, Language
from tests.guide import build, made_pages, pictures, web
from tests.overlay.chromium import chromium
from tests.shots.evening import play
from tests.ui.layout.walk import application
from ui import i18n

ROOT = Path(__file__).resolve().parents[2]


def shoot(language: Language, names: list[str]) -> None:
    """Take the desk's pictures of one language; Qt and its texts belong to one process."""
    (build.BUILT / language).mkdir(parents=True, exist_ok=True)
    with application() as run:
        i18n.use(language)
        run(pictures.take(build.BUILT / language, language, names))


def main(words: list[str]) -> None:
    """Do what the words say; without any all of it."""
    if words and words[0] in LANGUAGES:
        shoot("en" if words[0] == "en" else "zh", words[1:])
        return
    if words != ["text"]:
        for language in LANGUAGES:
            subprocess.run([sys.executable, "-m", "tests.guide", language], check=True, cwd=ROOT)
        if chromium() is None:
            print("no Chromium here: overlay, report and phone stay as they are", file=sys.stderr)
        else:
            with tempfile.TemporaryDirectory() as scratch:
                evening = play(Path(scratch), closed=True)
            asyncio.run(web.take({each: build.BUILT / each for each in LANGUAGES}, evening))
    made_pages.write()
    build.write()
    sizes = [file.stat().st_size for file in build.BUILT.rglob("*.webp")]
    print(f"{len(sizes)} pictures, {sum(sizes) / 1e6:.1f} MB")


if __name__ == "__main__":
    main(sys.argv[1:])
