"""macOS' files as far as they can be read from here, and the AppDir, which runs."""

from __future__ import annotations

import os
import plistlib
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from liveconsole import __version__
from tests.services import absent
from tests.unit.packaging.scripts import PACKAGING, ROOT, script, small_bundle

SCRIPTS = sorted([*PACKAGING.rglob("*.sh"), PACKAGING / "linux/AppRun", *ROOT.glob(".ci/run")])
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="an AppDir is Linux's")


def test_what_macos_is_told_is_whole() -> None:
    plist = script("macos/info.py").info_plist(__version__)
    again = plistlib.loads(plistlib.dumps(plist))
    assert again == plist
    assert again["CFBundleShortVersionString"] == __version__
    assert again["CFBundleExecutable"] == "liveconsole-desk"
    assert "NSLocalNetworkUsageDescription" in again
    rights = plistlib.loads((PACKAGING / "macos/entitlements.plist").read_bytes())
    assert all(value is True for value in rights.values())
    assert set(rights) <= {
        "com.apple.security.cs.allow-unsigned-executable-memory",
        "com.apple.security.cs.disable-library-validation",
    }, "each further right needs a reason"


def test_the_disk_image_is_laid_out_of_files_that_are_there(tmp_path: Path) -> None:
    """As dmgbuild runs it: with `defines` in its names."""
    for app in ("dist/LiveConsole.app", "/elsewhere/LiveConsole.app"):
        defines = {} if app.startswith("dist") else {"app": app}
        told = runpy.run_path(str(PACKAGING / "macos/dmg_settings.py"), init_globals={"defines": defines})
        assert told["files"] == [app]
        assert told["icon_locations"].keys() == {Path(app).name, *told["symlinks"]}
        (_, (wide, high)) = told["window_rect"]
        assert all(0 < x < wide and 0 < y < high for x, y in told["icon_locations"].values())
        for named in (told["icon"], *told["license"]["licenses"].values()):
            assert (ROOT / named).is_file()


def test_every_script_is_one_that_a_shell_reads() -> None:
    shell = shutil.which("sh")
    if shell is None:
        pytest.skip("a script for a POSIX shell")
    for path in SCRIPTS:
        subprocess.run([shell, "-n", str(path)], check=True)
        if (check := shutil.which("shellcheck")) is not None:
            done = subprocess.run([check, str(path)], capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stdout


@pytest.mark.skipif(os.name != "posix", reason="a script of macOS")
def test_notarising_signs_from_the_inside_out_and_without_a_key_says_so(tmp_path: Path) -> None:
    """Run with tools that only write down what they are asked."""
    project = tmp_path / "project"
    contents = project / "dist/LiveConsole.app/Contents"
    (contents / "MacOS").mkdir(parents=True)
    (contents / "Frameworks/QtCore.framework").mkdir(parents=True)
    for name in ("MacOS/liveconsole-desk", "Frameworks/libssl.dylib", "Frameworks/QtCore.framework/x.so"):
        (contents / name).write_bytes(b"x")
    (project / "liveconsole").mkdir()
    (project / "liveconsole/__init__.py").write_text(f'__version__ = "{__version__}"\n', "utf-8")
    shutil.copytree(PACKAGING / "macos", project / "packaging/macos")
    tools, log = tmp_path / "tools", tmp_path / "log"
    tools.mkdir()
    for tool in ("codesign", "dmgbuild", "xcrun"):
        (tools / tool).write_text(f'#!/bin/sh\necho {tool} "$@" >>"{log}"\n', "utf-8")
        (tools / tool).chmod(0o755)
    env = {"PATH": f"{tools}:{os.environ['PATH']}", "LANG": "C.UTF-8"}
    run = ["sh", str(project / "packaging/macos/notarize.sh")]
    done = subprocess.run(run, env=env, capture_output=True, text=True, check=True)
    assert "neither signed nor notarised" in done.stderr
    assert [line.split()[0] for line in log.read_text("utf-8").splitlines()] == ["dmgbuild"]
    log.unlink()
    subprocess.run(run, env={**env, "SIGN_AS": "Somebody", "NOTARY_PROFILE": "p"}, check=True)
    lines = log.read_text("utf-8").splitlines()
    at = {
        name: next(i for i, line in enumerate(lines) if line.endswith(name))
        for name in ("libssl.dylib", "QtCore.framework", "MacOS/liveconsole-desk", "dist/LiveConsole.app")
    }
    assert list(at.values()) == sorted(at.values()), "what holds others is signed after them"
    signed = [line for line in lines if "--sign" in line]
    assert all("--deep" not in line for line in signed)
    assert all("--entitlements" in line for line in signed if "MacOS" in line)
    assert lines[-1].startswith("xcrun stapler validate")
    assert f"LiveConsole-{__version__}.dmg" in lines[-1]


@linux_only
def test_the_appdir_runs_from_wherever_it_lies(tmp_path: Path) -> None:
    bundle = small_bundle(tmp_path / "a bundle")
    env = {"PATH": "/usr/bin:/bin"}
    run = ["sh", str(PACKAGING / "linux/appimage.sh"), str(bundle), str(tmp_path / "out")]
    done = subprocess.run(run, env=env, capture_output=True, text=True, check=True)
    made = Path(done.stdout.strip())
    assert "the AppDir is all" in done.stderr
    moved = made.rename(tmp_path / "moved away")

    def said(*words: str, by: Path = moved / "AppRun", **more: str) -> str:
        return subprocess.run(
            [str(by), *words], env={**env, **more}, capture_output=True, text=True, check=True
        ).stdout

    assert said() == "liveconsole-desk|C.UTF-8|"
    assert said("doctor", "--json") == "liveconsole|C.UTF-8|doctor|--json|"
    assert said(LANG="zh_CN.UTF-8") == "liveconsole-desk|zh_CN.UTF-8|"
    (tmp_path / "liveconsole").symlink_to(moved / "AppRun")
    assert said(by=tmp_path / "liveconsole") == "liveconsole|C.UTF-8|"
    assert said(ARGV0="/usr/local/bin/liveconsole") == "liveconsole|C.UTF-8|"
    for named in ("liveconsole.desktop", "liveconsole.svg", ".DirIcon"):
        assert (moved / named).is_file(), named
    assert (moved / "usr/lib/liveconsole/_internal/base.so").is_file()
    subprocess.run(run, env=env, capture_output=True, check=True)  # made anew over what was there
    (bundle / "liveconsole").unlink()
    assert subprocess.run(run, env=env, capture_output=True, check=False).returncode == 1


@linux_only
def test_the_tool_is_called_where_it_is(tmp_path: Path) -> None:
    bundle = small_bundle(tmp_path / "bundle")
    tool = tmp_path / "appimagetool"
    tool.write_text('#!/bin/sh\necho "$ARCH" "$@"\n', "utf-8")
    tool.chmod(0o755)
    env = {"PATH": "/usr/bin:/bin", "APPIMAGETOOL": str(tool), "APPIMAGE_RUNTIME": "/a/runtime"}
    run = ["sh", str(PACKAGING / "linux/appimage.sh"), str(bundle), str(tmp_path)]
    lines = subprocess.run(run, env=env, capture_output=True, text=True, check=True).stdout.splitlines()
    arch = os.uname().machine
    wanted = f"{arch} --no-appstream --runtime-file /a/runtime {tmp_path}/LiveConsole.AppDir"
    assert lines[-1] == f"{wanted} {tmp_path}/LiveConsole-{__version__}-{arch}.AppImage"


@linux_only
def test_a_runtime_alone_is_enough_and_the_files_stand_behind_it(tmp_path: Path) -> None:
    """The runtime is a stand-in; what lies behind it is taken out as a runtime does it, and runs."""
    if not all(map(shutil.which, ("mksquashfs", "unsquashfs"))):
        absent("no squashfs-tools: apt-get install squashfs-tools")
    bundle, runtime = small_bundle(tmp_path / "bundle"), tmp_path / "runtime"
    runtime.write_bytes(b"\x7fELF\x02\x01\x01\x00AI\x02" + b"\0" * 4085)
    env = {"PATH": "/usr/bin:/bin", "APPIMAGE_RUNTIME": str(runtime)}
    run = ["sh", str(PACKAGING / "linux/appimage.sh"), str(bundle), str(tmp_path)]
    for _ in range(2):  # made anew over what was there
        done = subprocess.run(run, env=env, capture_output=True, text=True, check=True)
    image = Path(done.stdout.splitlines()[-1])
    assert image.name == f"LiveConsole-{__version__}-{os.uname().machine}.AppImage"
    assert os.access(image, os.X_OK)
    assert image.read_bytes()[: runtime.stat().st_size] == runtime.read_bytes()
    assert sorted(path.name for path in tmp_path.glob("*.files")) == []
    taken = [
        "unsquashfs",
        "-q",
        "-n",
        "-o",
        str(runtime.stat().st_size),
        "-d",
        str(tmp_path / "in"),
        str(image),
    ]
    subprocess.run(taken, capture_output=True, check=True)
    said = subprocess.run(
        [tmp_path / "in/AppRun", "doctor"], env=env, capture_output=True, text=True, check=True
    )
    assert said.stdout == "liveconsole|C.UTF-8|doctor|"
    runtime.write_bytes(b"\x7fELF" + b"\0" * 4092)
    refused = subprocess.run(run, env=env, capture_output=True, text=True, check=False)
    assert (refused.returncode, "no runtime of type 2" in refused.stderr) == (1, True)


@linux_only
@pytest.mark.parametrize(
    "words",
    [
        ["desktop-file-validate", "packaging/linux/liveconsole.desktop"],
        [
            "appstreamcli",
            "validate",
            "--no-net",
            "packaging/linux/io.github.live_room_console.LiveConsole.metainfo.xml",
        ],
    ],
    ids=lambda words: words[0],
)
def test_linux_desktops_take_our_files(words: list[str]) -> None:
    if shutil.which(words[0]) is None:
        if words[0] == "desktop-file-validate":
            absent("no desktop-file-validate: apt-get install desktop-file-utils")
        pytest.skip(f"no {words[0]} here: apt-get install appstream")
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
