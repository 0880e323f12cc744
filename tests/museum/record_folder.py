"""Writes a whole data folder as the version that is run leaves it: store, key and the desk's own files.

``python -m tests.museum.record_folder NAME`` puts ``NAME-folder.tar.gz`` here and what it holds beside it.
Its room is a simulated one and its key lies in it: nobody's data.
"""

from __future__ import annotations

import os
import sys
import tarfile
import tempfile
from pathlib import Path

import msgspec

from liveconsole.connectors.rehearsal.headless import run_headless
from liveconsole.engine import folding
from liveconsole.store import open_store
from tests.museum.exhibits import HERE, totals_of
from ui.preferences import settings
from ui.seat import session

SEED, SCENARIO, SECONDS = 11, "default", 60
COMFORT = settings.DeskSettings(
    theme="light",
    text_scale=1.25,
    sounds=False,
    layouts={"host": settings.WindowLayout(columns=[300, 500, 400])},
    toured=["host"],
)
REMEMBERED = session.Remembered(
    choice=session.StartChoice(mode="manual", role="operator", sources={"oba": True}, name="小周"),
    language="en",
    name="小周",
    people=[session.SeatPerson("小周", "operator")],
)


def record(name: str) -> None:
    os.environ["LIVECONSOLE_KEYRING"] = "off"  # the key goes with the folder
    with tempfile.TemporaryDirectory() as made:
        data = Path(made) / "data"
        run_headless(SEED, SCENARIO, SECONDS, data)
        store = open_store(data, create=False)
        try:
            totals = totals_of(folding.fold(store)[0])
        finally:
            store.close()
        settings.save(data, COMFORT)
        session.save(data, REMEMBERED)
        with tarfile.open(HERE / f"{name}-folder.tar.gz", "w:gz") as packed:
            for path in sorted(data.iterdir()):
                packed.add(path, path.name)
    told = {"totals": totals, "comfort": COMFORT, "desk": REMEMBERED}
    text = msgspec.json.format(msgspec.json.encode(told, order="sorted"), indent=1)
    (HERE / f"{name}-folder.json").write_bytes(text + b"\n")


if __name__ == "__main__":
    record(sys.argv[1])
