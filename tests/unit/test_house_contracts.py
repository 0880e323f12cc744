"""Every import contract finds a breach of it: a rule that nothing can break checks nothing."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent

PLANTED = {
    "rooms": ("liveconsole/messages/text.py", "import liveconsole.engine.clock"),
    "desk": ("ui/theme/tokens.py", "import ui.windows.commands"),
    "panels": ("ui/panels/cart/rows.py", "import ui.panels.queue.rows"),
    "connectors": ("liveconsole/connectors/oba/mapping.py", "import liveconsole.connectors.tape.reader"),
    "headless": ("liveconsole/views/money.py", "import ui.i18n"),
    "seat": ("ui/i18n.py", "import liveconsole.domain.room"),
    "pure": ("liveconsole/domain/discount.py", "import random"),
    "kinds": ("liveconsole/domain/kinds/coupon.py", "import liveconsole.domain.kinds.pin"),
    "kinds_at_the_desk": ("ui/kinds/coupon.py", "import ui.kinds.pin"),
    "rules": ("liveconsole/domain/fire.py", "import liveconsole.domain.kinds.coupon"),
}
"""Contract → (file, a line that it must not hold)."""


def _contracts() -> list[dict[str, Any]]:
    with (ROOT / "pyproject.toml").open("rb") as file:
        found: list[dict[str, Any]] = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    return found


def test_every_contract_has_a_breach_to_find() -> None:
    assert {contract["id"] for contract in _contracts()} == set(PLANTED)


@pytest.mark.slow
def test_every_planted_breach_is_found(tmp_path: Path) -> None:
    for package in ("liveconsole", "ui"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for path, line in PLANTED.values():
        file = tmp_path / path
        text = file.read_text("utf-8")
        assert line not in text
        file.write_text(f"{text}\n{line}\n", "utf-8")
    lint = Path(sys.executable).with_name("lint-imports").with_suffix(Path(sys.executable).suffix)
    done = subprocess.run(
        [str(lint), "--no-cache", "--no-logo"], cwd=tmp_path, capture_output=True, text=True, timeout=55,
        check=False,
    )  # fmt: skip
    assert done.returncode != 0
    said = re.sub(r"\x1b\[[0-9;]*m", "", done.stdout)
    missed = [c["name"] for c in _contracts() if f"{c['name']} BROKEN" not in " ".join(said.split())]
    assert missed == [], said
