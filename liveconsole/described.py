"""What a command says of itself in its help, read from its module."""

from __future__ import annotations


def described(doc: str | None) -> str:
    """Return the first line of a module's docstring as a plain sentence, without the command before it."""
    line = (doc or "").split("\n")[0]
    if line.startswith("``liveconsole "):
        line = line.partition("``: ")[2]
    return line[:1].upper() + line[1:].replace("``", "")
