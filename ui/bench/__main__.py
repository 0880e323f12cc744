"""``python -m ui.bench WHAT``: one measurement a process; the last line on stdout is its JSON."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path
from typing import Any

from ui.bench import start


def main() -> int:
    words = argparse.ArgumentParser(prog="ui.bench")
    kinds = words.add_subparsers(dest="what", required=True)
    bare = kinds.add_parser("bare")
    bare.add_argument("--began", type=int, required=True)
    desk = kinds.add_parser("desk")
    desk.add_argument("--began", type=int, required=True)
    desk.add_argument("--data", type=Path, required=True)
    flood = kinds.add_parser("flood")
    flood.add_argument("--url", required=True)
    flood.add_argument("--token-file", type=Path, required=True)
    flood.add_argument("--every-panel", action="store_true")
    rivals = kinds.add_parser("rivals")
    rivals.add_argument("--rate", type=int, required=True)
    rivals.add_argument("--seconds", type=float, required=True)
    memory = kinds.add_parser("memory")
    memory.add_argument("--comments", type=int, required=True)
    args = words.parse_args()
    if args.what == "bare":
        start.say(start.bare(args.began))
    elif args.what == "desk":
        start.say(start.desk(args.began, args.data))
    else:
        start.say(_on_qt(args))
    return 0


def _on_qt(args: argparse.Namespace) -> dict[str, Any]:
    """Everything that wants the desk's own loop."""
    import qasync
    from PySide6.QtWidgets import QApplication

    from ui.program.app import dress

    app = QApplication(sys.argv[:1])
    dress(app)
    loop = qasync.QEventLoop(app)
    asyncio.set_event_loop(loop)
    with loop:
        result: dict[str, Any] = loop.run_until_complete(_chosen(args))
    return result


async def _chosen(args: argparse.Namespace) -> dict[str, Any]:
    if args.what == "flood":
        from ui.bench.flood import Flooded

        return await Flooded(args.url, args.token_file, every_panel=args.every_panel).run()
    if args.what == "memory":
        from ui.bench import memory

        return await memory.run(args.comments)
    from ui.bench import rivals

    return await rivals.run(args.rate, args.seconds)


if __name__ == "__main__":
    sys.exit(main())
