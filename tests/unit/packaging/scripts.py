"""Scripts of packaging/, which is no package of the environment, as modules; and small made-up bundles."""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[3]
PACKAGING = ROOT / "packaging"


@cache
def script(path: str) -> ModuleType:
    """A file below packaging/ as a module."""
    spec = importlib.util.spec_from_file_location(Path(path).stem, PACKAGING / path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def small_bundle(folder: Path) -> Path:
    """Two programs that say how they were started, and a library beside them."""
    (folder / "_internal").mkdir(parents=True)
    (folder / "_internal" / "base.so").write_bytes(b"\x7fELF")
    for name in ("liveconsole", "liveconsole-desk"):
        program = folder / name
        program.write_text(f'#!/bin/sh\nprintf "%s|" {name} "$LANG" "$@"\n', "utf-8")
        program.chmod(0o755)
        (folder / f"{name}.exe").write_bytes(b"MZ" + name.encode())
    return folder
