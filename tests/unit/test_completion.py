"""The shells' completion and the man page: made of the commands' own parsers, and good for who reads them."""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import shtab

from liveconsole.cli import grammar, told_commands
from liveconsole.cli.completion import script
from liveconsole.cli.man import page
from liveconsole.exits import MEANINGS


@pytest.fixture(scope="module")
def whole() -> argparse.ArgumentParser:
    return grammar.whole(told_commands())


def _needs(program: str) -> str:
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"no {program} here: apt-get install {program}")
    return found


def completed(script_of_bash: str, *words: str) -> set[str]:
    """What bash offers where Tab is pressed behind these words."""
    typed = " ".join(f"'{word}'" for word in words)
    asked = (
        f"{script_of_bash}\nCOMP_WORDS=({typed}); COMP_CWORD={len(words) - 1}; COMP_TYPE=9\n"
        "_shtab_liveconsole; printf '%s\\n' \"${COMPREPLY[@]}\"\n"
    )
    done = subprocess.run(
        [_needs("bash"), "-c", asked], capture_output=True, text=True, check=True, timeout=20
    )
    assert done.stderr == ""
    return {line.strip() for line in done.stdout.splitlines()} - {""}


def test_bash_offers_commands_options_and_choices(whole: argparse.ArgumentParser) -> None:
    made = script(whole, "bash")
    assert set(told_commands()) <= completed(made, "liveconsole", "")
    assert completed(made, "liveconsole", "verify") == {"verify-draw", "verify-log"}
    assert completed(made, "liveconsole", "serve", "--da") == {"--data", "--database"}
    assert completed(made, "liveconsole", "open", "--role", "") == {"host", "operator", "assistant"}
    assert completed(made, "liveconsole", "shop", "") == {"connect", "check", "sync"}
    assert completed(made, "liveconsole", "--ho") == {"--host"}, "without a command the desk opens"
    assert completed(made, "liveconsole", "serve", "--ho") == set()


def test_bash_offers_folders_where_one_is_wanted(whole: argparse.ArgumentParser, tmp_path: Path) -> None:
    (tmp_path / "rooms").mkdir()
    (tmp_path / "readme.txt").touch()
    made = script(whole, "bash")
    assert completed(f"cd '{tmp_path}'\n{made}", "liveconsole", "serve", "--data", "r") == {"rooms"}
    files = completed(f"cd '{tmp_path}'\n{made}", "liveconsole", "verify-draw", "r")
    assert files == {"rooms", "readme.txt"}


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_shell_itself_reads_its_script(
    whole: argparse.ArgumentParser, shell: str, tmp_path: Path
) -> None:
    (tmp_path / "made").write_text(script(whole, shell), "utf-8")
    done = subprocess.run(
        [_needs(shell), "-n", str(tmp_path / "made")], capture_output=True, check=False, timeout=20
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_every_shell_is_told_every_command(whole: argparse.ArgumentParser) -> None:
    for shell in shtab.SUPPORTED_SHELLS:
        made = script(whole, shell)
        assert [name for name in told_commands() if name not in made] == [], shell


def test_the_man_page_has_every_command_option_and_exit_code(whole: argparse.ArgumentParser) -> None:
    made = page(whole)
    plain = made.replace("\\-", "-").replace("\\e", "\\")
    for name, _, words in grammar.below(whole):
        part = re.search(rf"^\.SS liveconsole {name}\n(.*?)(?=^\.S[SH] )", plain, re.MULTILINE | re.DOTALL)
        assert part is not None, name
        assert [option for action in grammar.told(words)[1] for option in action.option_strings[-1:]
                if option != "--help" and option not in part[1]] == []  # fmt: skip
    for code, meaning in MEANINGS.items():
        assert f"\\fB{code.value}\\fR\n{meaning[1]}; {meaning[0]}" in plain


def test_roff_reads_the_page_and_takes_no_text_for_a_request(whole: argparse.ArgumentParser) -> None:
    planted = argparse.ArgumentParser(prog="liveconsole", description=".so /etc/passwd.")
    planted.add_argument("--odd", help=".ig 100%% of \\fBit\\fR\n'br")
    told = page(planted)
    assert "\n\\&.ig 100% of \\efBit\\efR 'br\n" in told
    assert not re.search(r"^\.(so|ig)|^'", told, re.MULTILINE)
    for text in (told, page(whole)):
        done = subprocess.run(
            [_needs("groff"), "-man", "-Tutf8", "-Kutf8", "-z", "-ww"],
            input=text.encode(), capture_output=True, check=False, timeout=20,
        )  # fmt: skip
        said = [line for line in done.stderr.decode().splitlines() if "adjust line" not in line]
        assert (done.returncode, said) == (0, [])
