"""Words that must not be found again, and who looks for them in everything that was written."""

from __future__ import annotations

import base64
import json
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

PEOPLE: Final = {
    "name": "金丝雀甲七三九",
    "buyer's name": "Canary Bird-Buyer",
    "id": "canary-openid-5f3a91",
    "buyer's id": "canary-buyer-77c1d0",
    "phone": "13907390739",
    "address": "幸福路七百三十九号",
    "comment": "请寄到金丝雀巷",
    "winner": "福袋金丝雀得主",
}
"""What people are known by."""
GUESS: Final = "canary-wrong-token-4b1c2d3e4f5a69788796a5b4c3d2e1f0"
"""A wrong token: whoever mistypes has typed most of a right one."""


def forms(word: str) -> dict[str, bytes]:
    """How a word may stand in a file."""
    plain = word.encode()
    found = {
        "UTF-8": plain,
        "UTF-16": word.encode("utf-16-le"),
        "GBK": word.encode("gbk", "ignore"),
        "JSON": json.dumps(word)[1:-1].encode(),
        "repr": repr(plain)[2:-1].encode(),
        "URL": b"".join(b"%%%02X" % byte for byte in plain),
        "hex": plain.hex().encode(),
    }
    # Base64 of it has one of three looks, by what stands before it.
    for shift in range(3):
        whole = base64.b64encode(b"\0" * shift + plain)
        found[f"base64 {shift}"] = whole[4 if shift else 0 : len(whole) // 4 * 4 - 4]
    return found


def hits(words: Mapping[str, str], content: bytes) -> list[str]:
    """Which words stand in some bytes, and how."""
    return [
        f"{what} as {how}"
        for what, word in words.items()
        for how, form in forms(word).items()
        if len(form) >= 6 and form in content
    ]


def scan(words: Mapping[str, str], places: Iterable[tuple[str, bytes]]) -> list[str]:
    """Every hit in every place."""
    return [f"{place}: {hit}" for place, content in places for hit in hits(words, content)]


def files(*folders: Path) -> Iterator[tuple[str, bytes]]:
    """Every file, under its name and with what is packed in it."""
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_symlink() or not path.is_file():
                continue
            yield from opened(str(path.relative_to(folder)), path)


def opened(name: str, path: Path) -> Iterator[tuple[str, bytes]]:
    """A file's name and its bytes; the parts of a ZIP and the streams of a PDF too."""
    content = path.read_bytes()
    yield f"the name of {name}", name.encode()
    yield name, content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(path) as packed:
            for part in packed.namelist():
                yield f"{name}/{part}", packed.read(part)
    elif content.startswith(b"%PDF"):
        for number, piece in enumerate(content.split(b"stream\r\n")[1:] + content.split(b"stream\n")[1:]):
            try:
                yield f"{name}/{number}", zlib.decompressobj().decompress(piece)
            except zlib.error:
                continue


def process(pid: int) -> Iterator[tuple[str, bytes]]:
    """What other programs of this machine see of a process."""
    for part in ("cmdline", "environ", "comm", "status"):
        path = Path("/proc") / str(pid) / part
        if path.exists():
            yield f"process {part}", path.read_bytes()
