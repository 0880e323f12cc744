"""The workflows call what there is: every command of theirs is one of dev.py or a script with that deed."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

import dev
from liveconsole import __version__
from tests.unit.packaging.scripts import PACKAGING, ROOT, script, small_bundle
from tests.unit.updates.made_notices import SOURCE

WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
pytestmark = pytest.mark.skipif(not WORKFLOWS, reason="a source package has no workflows")
PYTHONS = ("python", ".venv/bin/python")
MATRIX = re.compile(r"\$\{\{ *matrix\.(\w+) *\}\}")


def read(path: Path) -> dict[Any, Any]:
    told = yaml.safe_load(path.read_text("utf-8"))
    assert isinstance(told, dict)
    return told


def steps() -> Iterator[tuple[str, dict[str, Any]]]:
    for path in WORKFLOWS:
        for job in read(path)["jobs"].values():
            yield from ((path.name, step) for step in job["steps"])


@cache
def deeds_of(path: str) -> set[str]:
    """What a script of ours with deeds can be asked for, as its own help says them."""
    said = subprocess.run(
        [sys.executable, str(ROOT / path), "--help"], capture_output=True, text=True, check=False
    )
    return set(re.findall(r"[a-z-]+", said.stdout.partition("{")[2].partition("}")[0]))


def wrong_with(line: str) -> str:
    """Why a step's command cannot run; empty where it can."""
    words = shlex.split(line)
    if words and words[0] == "sudo":
        words = words[1:]
    tool, rest = words[0], words[1:]
    if tool in PYTHONS and rest[0] == "dev.py":
        known = re.findall(r"^  ([a-z-]+)  ", dev.__doc__ or "", re.MULTILINE)
        return "" if rest[1] in known else f"dev.py has no {rest[1]}"
    if tool in PYTHONS and rest[:3] == ["-m", "pip", "install"]:
        return "" if "--require-hashes" in rest else "what it brings along is in no lock"
    path = rest[0] if tool in (*PYTHONS, "sh") else tool
    if not (ROOT / path).is_file():
        return f"there is no {path}"
    if path.endswith("make_latest.py"):
        return "" if rest[1] in deeds_of(path) else f"{path} has no {rest[1]}"
    return ""


def test_every_command_of_a_workflow_is_one_that_there_is() -> None:
    lines = [step["run"] for _, step in steps() if "run" in step]
    assert len(lines) >= 18
    assert all("\n" not in line.strip() for line in lines), "what is longer is a script that a test can read"
    assert [f"{line}: {why}" for line in lines if (why := wrong_with(line))] == []


@pytest.mark.parametrize(
    "line",
    [
        "python dev.py bundel",
        "python packaging/release/none.py",
        "sh packaging/none.sh",
        "python packaging/release/make_latest.py signn dist",
        "python -m pip install dmgbuild",
        "python -m pip install dmgbuild==1.6.7",
    ],
)
def test_the_twin_a_command_that_is_none_is_seen(line: str) -> None:
    assert wrong_with(line)


def test_three_systems_two_pythons_and_nothing_published_by_itself() -> None:
    release = read(ROOT / ".github/workflows/release.yml")
    matrix = release["jobs"]["bundle"]["strategy"]["matrix"]
    assert {one.partition("-")[0] for one in matrix["os"]} == {"ubuntu", "windows", "macos"}
    assert matrix["python"] == ["3.12", "3.13"]
    rights = {name: job.get("permissions", release["permissions"]) for name, job in release["jobs"].items()}
    assert [name for name, own in rights.items() if own != {"contents": "read"}] == ["draft"]
    assert "--draft" in (PACKAGING / "release/draft.sh").read_text("utf-8")


def test_a_secret_is_handed_to_the_steps_that_need_it_and_never_stands_in_a_command() -> None:
    for name, step in steps():
        assert "secrets." not in step.get("run", ""), (name, step)
        # What a stranger may choose, a branch's name, comes as a variable; the tag's name alone is read.
        assert "github.event" not in step.get("run", "")
        if "uses" in step:
            assert re.fullmatch(r"actions/[a-z-]+@v\d+", step["uses"]), "GitHub's own actions alone"


def test_what_the_matrix_names_is_in_it() -> None:
    for path in WORKFLOWS:
        for name, job in read(path)["jobs"].items():
            known = set(job.get("strategy", {}).get("matrix", {}))
            assert set(MATRIX.findall(str(job))) <= known, (path.name, name)
            assert "timeout-minutes" in job
            for need in [job["needs"]] if isinstance(job.get("needs"), str) else job.get("needs", []):
                assert need in read(path)["jobs"]


def test_a_tag_is_held_against_the_version_its_notes_and_the_changelog(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = script("release/make_latest.py")
    made.check_version(f"v{__version__}")
    for tag in ("v0.0.1", __version__, "main"):
        with pytest.raises(made.NotMade):
            made.check_version(tag)
    monkeypatch.setattr(made, "ROOT", PACKAGING)  # no changelog of this version there
    with pytest.raises((made.NotMade, OSError)):
        made.check_version(f"v{__version__}")


def test_a_tag_is_built_only_where_address_and_key_are_set() -> None:
    """Before anything is built: what is given out without them never hears of the next version."""
    release = read(ROOT / ".github/workflows/release.yml")
    asked = [step for step in release["jobs"]["check"]["steps"] if step.get("run", "").endswith(" ready")]
    assert [step["if"] for step in asked] == ["startsWith(github.ref, 'refs/tags/')"]
    assert "secrets.RELEASE_KEY" in asked[0]["env"]["RELEASE_KEY"]
    assert release["jobs"]["bundle"]["needs"] == "check"
    assert release["jobs"]["draft"]["needs"] == "bundle"


@pytest.mark.skipif(os.name != "posix", reason="scripts of a Linux runner")
def test_the_draft_has_every_file_once_and_only_after_its_sums_agree(tmp_path: Path) -> None:
    dist = tmp_path / "dist"
    dist.mkdir()
    for name in (f"LiveConsole-{__version__}-win64.exe", f"live-room-console_{__version__}_amd64.deb"):
        (dist / name).write_bytes(name.encode())
    tools, log = tmp_path / "tools", tmp_path / "log"
    tools.mkdir()
    (tools / "gh").write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >"{log}"\n', "utf-8")
    (tools / "gh").chmod(0o755)
    run = ["sh", str(PACKAGING / "release/draft.sh"), str(dist), f"v{__version__}"]
    env = {"PATH": f"{tools}:{os.environ['PATH']}"}
    assert subprocess.run(run, env=env, capture_output=True, check=False).returncode == 1, "no sums"
    made = script("release/make_latest.py")
    made.sums(dist)
    made.winget(dist, SOURCE, made.datetime.now(made.UTC))
    subprocess.run(run, env=env, capture_output=True, check=True)
    words = log.read_text("utf-8").splitlines()
    assert words[:4] == ["release", "create", f"v{__version__}", "--draft"]
    files = [Path(word).name for word in words if word.startswith(str(dist))]
    assert len(files) == len(set(files)) == 7
    log.unlink()
    (dist / f"LiveConsole-{__version__}-win64.exe").write_bytes(b"another")
    assert subprocess.run(run, env=env, capture_output=True, check=False).returncode != 0
    assert not log.exists()


@pytest.mark.skipif(os.name != "posix", reason="scripts of a Linux runner")
def test_the_key_of_a_release_leaves_no_file(tmp_path: Path) -> None:
    (tmp_path / "t").mkdir()
    env = {**os.environ, "RELEASE_KEY": "AQEB", "TMPDIR": str(tmp_path / "t"), "PYTHON": sys.executable}
    run = ["sh", str(PACKAGING / "release/sign.sh"), str(tmp_path)]
    done = subprocess.run(run, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "no key in" in done.stderr, "it got as far as reading it"
    assert list((tmp_path / "t").iterdir()) == []


@pytest.mark.skipif(shutil.which("sh") is None, reason="a script for a POSIX shell")
def test_the_installers_script_says_what_it_lacks(tmp_path: Path) -> None:
    project = tmp_path / "project"
    (project / "packaging").mkdir(parents=True)
    shutil.copytree(PACKAGING / "windows", project / "packaging/windows")
    (project / "liveconsole").mkdir()
    (project / "liveconsole/__init__.py").write_text(f'__version__ = "{__version__}"\n', "utf-8")
    run = ["sh", str(project / "packaging/windows/installer.sh")]
    done = subprocess.run(run, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "make the bundle there first" in done.stderr
    if shutil.which("makensis") is not None:
        small_bundle(project / "dist/LiveConsole")
        subprocess.run(run, capture_output=True, check=True)
        assert (project / f"dist/LiveConsole-{__version__}-win64.exe").read_bytes()[:2] == b"MZ"


def test_the_smoke_test_sees_a_program_that_is_none(tmp_path: Path) -> None:
    """Its good run is that of the release itself and of `make prove`; here it meets what is otherwise."""
    smoke = script("release/smoke.py")
    assert smoke.version() == __version__
    wrong = smoke.Smoke([sys.executable, "-c", "print('0.0.1')"], tmp_path)
    with pytest.raises(smoke.NotAsItShould, match=r"it says 0\.0\.1"):
        wrong.whole()
    with pytest.raises(smoke.NotAsItShould, match="not 2"):
        smoke.Smoke([sys.executable, "-c", f"print('{__version__}')"], tmp_path).whole()


@pytest.mark.deep
def test_the_smoke_test_passes_on_this_program() -> None:
    program = [sys.executable, "-m", "liveconsole"]
    subprocess.run([sys.executable, str(PACKAGING / "release/smoke.py"), *program], cwd=ROOT, check=True)
