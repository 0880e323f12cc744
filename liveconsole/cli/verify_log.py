"""``liveconsole verify-log``: that the log is as it was written, and as the receipts of its draws name it."""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from liveconsole.cli.joining import complain
from liveconsole.cli.stores import open_kept
from liveconsole.described import described
from liveconsole.exits import Exit
from liveconsole.paths import data_folder
from liveconsole.store import keys
from liveconsole.store.cipher import CipherFile
from liveconsole.store.errors import NoStore, StoreError
from liveconsole.store.kept_at import in_database
from liveconsole.store.linking import LogCheck, check_log
from liveconsole.store.migrate import revision_of
from liveconsole.store.opening import DATABASE
from liveconsole.store.reader import Reader
from liveconsole.store.tables import HEAD

_PAGE: Final = 1_000
_SAID: Final = {
    "missing": ("第 {seq} 条不在日志里", "event {seq} is not on the log"),
    "changed": ("第 {seq} 条和写下时不一样", "event {seq} is not as it was written"),
    "another": (
        "到第 {seq} 条，凭证或备份记的是另一份日志",
        "at event {seq} a receipt or a backup names another log",
    ),
}


def parser() -> argparse.ArgumentParser:
    words = argparse.ArgumentParser(prog="liveconsole verify-log", description=described(__doc__))
    words.add_argument("receipts", nargs="*", type=Path, metavar="RECEIPT.json", help="from elsewhere")
    words.add_argument(
        "--head", action="append", type=_named, default=[], metavar="SEQ:LINK", help="as a backup said it"
    )
    words.add_argument("--data", type=Path, metavar="DIR", help="the data folder; its engine may go on")
    words.add_argument("--json", action="store_true", help="one JSON object")
    return words


def run(argv: Sequence[str]) -> int:
    """0: every event is as it was written; 1: the first that is not is named; 2: the log cannot be read."""
    args = parser().parse_args(argv)
    try:
        with closing(_reader(data_folder(args.data))) as reader:
            told = [*_heads_on(reader), *map(_head_in, args.receipts), *args.head]
            found = check_log(reader, _by_seq(told))
    except (StoreError, OSError, ValueError, KeyError, TypeError) as error:
        complain(error)
        return Exit.USAGE
    _tell(found, len(told), as_json=args.json)
    return Exit.OK if found.differs is None else Exit.FAILED


def _named(said: str) -> tuple[int, str]:
    seq, _, head = said.partition(":")
    return int(seq), head.strip().lower()


def _reader(folder: Path) -> Reader:
    """Read-only: an older store is not brought up to date for this."""
    if in_database(folder) is not None:
        with closing(open_kept(folder)) as store:
            return store.open_reader()
    if not (folder / DATABASE).exists():
        raise NoStore(f"no store in {folder}")
    _, key = keys.key_of(folder)
    file = CipherFile(folder / DATABASE, key, readonly=True)
    if (found := revision_of(file)) != HEAD:
        file.close()
        raise ValueError(f"this store is of schema {found}: start the program on it once, it is linked then")
    return Reader(file)


def _heads_on(reader: Reader) -> Iterator[tuple[int, str]]:
    """What the receipts on the log itself name; those of older versions name nothing."""
    after = 0
    while page := reader.read(after, _PAGE, ("cue.drawn",), names=False):
        for line in map(json.loads, page):
            after = line["seq"]
            if "chain" in line["data"]["receipt"]:
                yield _head_of(line["data"]["receipt"])


def _head_in(file: Path) -> tuple[int, str]:
    receipt = json.loads(file.read_text("utf-8"))
    if "chain" not in receipt:
        raise ValueError(f"{file.name} names no log: it is of an older version, or no receipt")
    return _head_of(receipt)


def _head_of(receipt: dict[str, Any]) -> tuple[int, str]:
    return int(receipt["chain"]["seq"]), str(receipt["chain"]["head"])


def _by_seq(told: Sequence[tuple[int, str]]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    for seq, head in told:
        found[seq].add(head)
    return found


def _tell(found: LogCheck, heads: int, *, as_json: bool) -> None:
    if as_json:
        fields = {
            "ok": found.differs is None,
            "events": found.whole,
            "head": found.head,
            "heads": heads,
            "differs": found.differs,
            "why": found.why,
        }
        sys.stdout.write(json.dumps(fields) + "\n")
    elif found.differs is None:
        zh = f"日志完整：{found.whole} 条，{heads} 处凭证和备份对得上"
        en = f"the log is as it was written: {found.whole} events, {heads} heads agree"
        sys.stdout.write(f"{zh} / {en}\n{found.head}\n")
    else:
        said = (text.format(seq=found.differs) for text in _SAID[found.why])
        sys.stdout.write(" / ".join(said) + "\n")
