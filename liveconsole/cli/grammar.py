"""The whole command line as one parser: what the shells' completion and the man page are made of."""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Iterator, Mapping

from liveconsole import __version__


def whole(commands: Mapping[str, tuple[str, str]]) -> argparse.ArgumentParser:
    """Return one parser with every command as a subparser; it only describes, and runs nothing.

    ``commands``: name → (``module:function``, what it does). The module has ``parser()`` beside the function.
    Without a command the desk opens, so `open` lends the whole its options.
    """
    own = {name: importlib.import_module(where.partition(":")[0]) for name, (where, _) in commands.items()}
    root = argparse.ArgumentParser(
        prog="liveconsole",
        description="Control panel of a live-commerce room.",
        parents=[own["open"].parser()] if "open" in own else [],
        add_help=False,
    )
    root.add_argument("-V", "--version", action="version", version=__version__, help="say the version")
    below = root.add_subparsers(title="commands", metavar="COMMAND")
    for name, (_, does) in commands.items():
        words = own[name].parser()
        below.add_parser(name, help=does, description=words.description, parents=[words], add_help=False)
    return root


def told(parser: argparse.ArgumentParser) -> tuple[list[argparse.Action], list[argparse.Action]]:
    """Return the arguments and the options of one parser, in their order; without those that are not told."""
    shown = [
        action
        for action in parser._actions
        if action.help is not argparse.SUPPRESS and not isinstance(action, argparse._SubParsersAction)
    ]
    return [a for a in shown if not a.option_strings], [a for a in shown if a.option_strings]


def below(parser: argparse.ArgumentParser) -> Iterator[tuple[str, str, argparse.ArgumentParser]]:
    """(name, what it does, parser) of every command below; none where there are none."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            does = {choice.dest: choice.help or "" for choice in action._choices_actions}
            for name, words in action.choices.items():
                yield name, does.get(name, ""), words
