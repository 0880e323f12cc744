"""docs/bus.md: its shell blocks work as they stand, one after the other."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable

import pytest

from tests.contract.engine_process import ROOT, EngineProcess

PAGE = ROOT / "docs" / "bus.md"


@pytest.mark.skipif(
    not all(map(shutil.which, ("bash", "curl", "python3"))),
    reason="no bash or curl, which the page uses: apt-get install bash curl",
)
def test_the_pages_blocks_run(engine_of: Callable[..., EngineProcess]) -> None:
    blocks = re.findall(r"^```sh\n(.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert len(blocks) >= 7
    running = engine_of()
    script = "set -eu\n" + "\necho; echo ----\n".join(blocks)
    done = subprocess.run(
        ["bash", "-c", script],
        env={"PATH": os.environ["PATH"], "DATA": str(running.folder)},
        capture_output=True,
        check=False,
        timeout=50,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert done.stderr == b""
    parts = [part.strip() for part in done.stdout.decode().split("----\n")]
    assert len(json.loads(parts[1])["proof"]) == 64
    posted = json.loads(parts[2])
    assert (posted["accepted"], posted["seq"]) == (1, 1)
    assert [(problem["index"], problem["code"]) for problem in posted["refused"]] == [(1, "bad_shape")]
    answers = [json.loads(line) for line in parts[3].splitlines()]
    assert len(answers) == 6
    assert all(answer["ok"] for answer in answers), answers
    assert json.loads(parts[4])["ok"] is True
    assert json.loads(parts[5])["broadcast"]["title"] == "晚场"
    logged = [json.loads(line)["type"] for line in parts[6].splitlines()]
    assert logged == ["comment.posted", "cue.recallable"]
    running.rest()
    assert running.process.returncode == 0


def test_every_status_that_the_door_gives_is_on_the_page() -> None:
    text = PAGE.read_text("utf-8")
    for status in (400, 401, 403, 404, 405, 409, 413, 429, 503, 507):
        assert str(status) in text
