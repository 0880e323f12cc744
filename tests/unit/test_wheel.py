"""What is installed: both packages whole, the resources, no test, and commands that start in any folder."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).resolve().parents[2]


def _in_the_wheel(root: Path) -> set[str]:
    builder = WheelBuilder(str(root))
    builder.config.set_build_data({})
    forced = builder.recurse_forced_files(builder.config.force_include) if root == ROOT else ()
    files = [*builder.recurse_selected_project_files(), *forced]
    return {Path(each.distribution_path).as_posix() for each in files}


def test_the_wheel_holds_both_packages_and_no_test() -> None:
    held = _in_the_wheel(ROOT)
    modules = {
        path.relative_to(ROOT).as_posix()
        for name in ("liveconsole", "ui")
        for path in (ROOT / name).rglob("*.py")
    }
    assert modules <= held
    assert "liveconsole/_resources/verifier/bls.js" in held
    assert not {name for name in held if name.startswith("tests/")}


def test_twin_a_section_that_names_no_packages_leaves_them_out(tmp_path: Path) -> None:
    """As it was once: words of another tool's section stood there, and the wheel was empty."""
    (tmp_path / "liveconsole").mkdir()
    (tmp_path / "liveconsole" / "__init__.py").write_text("", "utf-8")
    (tmp_path / "pyproject.toml").write_text(
        '[project]\nname = "other-name"\nversion = "1"\n'
        '[tool.hatch.build.targets.wheel]\nfiles = ["liveconsole"]\nbypass-selection = true\n',
        "utf-8",
    )
    assert _in_the_wheel(tmp_path) == set()


@pytest.mark.parametrize("command", ["liveconsole", "liveconsole-desk"])
def test_an_installed_command_starts_in_any_folder(command: str, tmp_path: Path) -> None:
    script = Path(sys.executable).parent / (f"{command}.exe" if sys.platform == "win32" else command)
    if not script.exists():
        pytest.skip("nothing is installed beside this Python")
    said = subprocess.run([script, "--help"], cwd=tmp_path, capture_output=True, timeout=60, check=False)
    assert said.returncode == 0, said.stderr.decode()
