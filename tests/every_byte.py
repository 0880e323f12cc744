"""Every byte of a data folder in the clear: what somebody finds who has the folder, the key and time.

Pages of the store are decrypted whole, free and unallocated space with them, and so are those in its -wal
file and in copies of it: what SQLite no longer shows may still stand there.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

PAGE = 4_096
_RESERVE = 80
_IV = 16
_SALT = 16
_WAL_HEADER, _FRAME_HEADER = 32, 24


def files(folder: Path) -> Iterator[tuple[Path, bytes]]:
    """Each file below the folder with what is in it, in the clear."""
    key = bytes.fromhex((folder / "room.key").read_text().strip())
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        body = path.read_bytes()
        if path.name.endswith("-wal"):
            step = _FRAME_HEADER + PAGE
            frames = range(_WAL_HEADER, len(body) - step + 1, step)
            yield path, b"".join(_page(body[at : at + step], key) for at in frames)
        elif path.suffix == ".db":
            yield (
                path,
                b"".join(_clear(body[at : at + PAGE], key, at == 0) for at in range(0, len(body), PAGE)),
            )
        else:
            yield path, body


def holding(folder: Path, *texts: str) -> list[tuple[str, str]]:
    """(file, text) wherever one of the texts stands, as it is or escaped as in JSON."""
    return [
        (path.relative_to(folder).as_posix(), text)
        for path, body in files(folder)
        for text in texts
        if text.encode() in body or text.encode("unicode_escape") in body
    ]


def _page(frame: bytes, key: bytes) -> bytes:
    return _clear(frame[_FRAME_HEADER:], key, int.from_bytes(frame[:4], "big") == 1)


def _clear(page: bytes, key: bytes, first: bool) -> bytes:
    start = _SALT if first else 0
    iv = page[PAGE - _RESERVE : PAGE - _RESERVE + _IV]
    opened = Cipher(algorithms.AES(key), modes.CBC(iv)).decryptor()
    return opened.update(page[start : PAGE - _RESERVE]) + opened.finalize()
