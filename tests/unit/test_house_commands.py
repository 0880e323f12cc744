"""What the desk and the command line ask of a room are commands that there are: the bus of the desk's tests
takes any, and a key whose command nobody knows is a key that does nothing."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from liveconsole.messages.commands import COMMANDS
from liveconsole.messages.events import EVENTS
from liveconsole.messages.facts import FACTS

ROOT = Path(__file__).resolve().parent.parent.parent
TYPE = re.compile(r"([a-z]+)\.(?!json|toml|csv)[a-z_]+")
KNOWN = {*COMMANDS, *EVENTS, *FACTS}
GROUPS = {name.partition(".")[0] for name in COMMANDS}


def unknown(source: str) -> list[str]:
    """Texts that look like the name of a command, and name none."""
    texts = [node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)]
    found = [
        text
        for text in texts
        if isinstance(text, str) and (like := TYPE.fullmatch(text)) and like[1] in GROUPS
    ]
    return [text for text in found if text not in KNOWN]


def test_every_command_that_is_named_at_the_desk_or_in_a_shell_is_one() -> None:
    files = [path for folder in ("ui", "liveconsole/cli") for path in (ROOT / folder).rglob("*.py")]
    assert len(files) > 300
    wrong = {str(path): names for path in files if (names := unknown(path.read_text("utf-8")))}
    assert wrong == {}


def test_one_that_nobody_knows_is_seen() -> None:
    assert unknown('ask("cart.pinned_now", {}); ask("cart.pin", {}); read("shop.json")') == [
        "cart.pinned_now"
    ]
