"""Every import contract of `pyproject.toml` finds a breach of it that is planted."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
PLANTED: Final[dict[str, tuple[str, str]]] = {
    "rooms": ("liveconsole/views", "liveconsole.engine.core"),
    "desk": ("ui/theme", "ui.windows.acts"),
    "panels": ("ui/panels/cart", "ui.panels.queue.rows"),
    "connectors": ("liveconsole/connectors/oba", "liveconsole.connectors.tape.lines"),
    "headless": ("liveconsole/connectors", "PySide6.QtCore"),
    "seat": ("ui/seat", "liveconsole.domain.decide"),
    "pure": ("liveconsole/domain", "time"),
}
"""Contract → a folder, and what a module in it must not import."""


def test_every_contract_finds_its_breach(tmp_path: Path) -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    assert PLANTED.keys() == {contract["id"] for contract in contracts}, "a contract without a planted breach"
    for package in ("liveconsole", "ui"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for folder, forbidden in PLANTED.values():
        (tmp_path / folder / "planted.py").write_text(f"import {forbidden}\n", "utf-8")
    said = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command as lint; lint()",
            "--no-cache",
        ],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 1, said.stdout + said.stderr
    broken = [contract["id"] for contract in contracts if f"{contract['name']} BROKEN" in said.stdout]
    assert broken == [contract["id"] for contract in contracts]
    for folder, _ in PLANTED.values():
        assert f"{folder.replace('/', '.')}.planted" in said.stdout
