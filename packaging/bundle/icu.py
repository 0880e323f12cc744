"""ICU's data, cut down to what a desk in Chinese and English can ask Qt for: 32 MB become 3.4.

Qt asks ICU for the order of words (`QCollator`), upper and lower case, and names of encodings and time zones.
Letter cases are code; order and zones need the root's rules and those of the languages that we speak. What is
asked for and absent (a French order, a zone in French) is answered by the root, or as unknown.
"""

from __future__ import annotations

import os
import re
import struct
import subprocess
import tempfile
from pathlib import Path
from typing import Final

KEPT: Final = re.compile(
    r"(?:(?:coll|zone)/)?(?:root|res_index|en|en_US|zh|zh_CN|zh_Hans|zh_Hans_CN|ucadata|pool)\.(?:res|icu)"
    r"|(?:likelySubtags|keyTypeData|supplementalData|genderList|icuver|icustd|timezoneTypes|metaZones|zoneinfo64"
    r"|windowsZones)\.res"
    r"|(?:cnvalias|uemoji|ulayout)\.icu|(?:nfc|nfkc|nfkc_cf|uts46)\.nrm"
    r"|(?:gb18030|ibm-1383_P110-1999|windows-936-2000)\.cnv"
)
"""Items by their name without the package's own: resources of the languages, order, zones, normal forms,
GB 18030."""
PATH: Final = {"PATH": os.environ.get("PATH", os.defpath)}
_HEADER: Final = struct.Struct("<HBB")
_ENTRY: Final = struct.Struct("<II")
_ALIGN: Final = 16
_MAGIC: Final = b"\xda\x27"


class NotIcuData(Exception):
    """The file is not laid out as ICU's common data is; nothing was changed."""


def items(data: bytes) -> tuple[bytes, list[tuple[str, bytes]]]:
    """Return the header of a package of ICU's common data, and its items with their names, in their order.

    Raises NotIcuData where it is none, or is not of this byte order.
    """
    try:
        length, first, second = _HEADER.unpack_from(data)
        if bytes((first, second)) != _MAGIC or data[8] != 0 or data[12:16] != b"CmnD":
            raise NotIcuData("no ICU common data of little-endian order")
        (count,) = struct.unpack_from("<I", data, length)
        told = [_ENTRY.unpack_from(data, length + 4 + at * _ENTRY.size) for at in range(count)]
    except (struct.error, IndexError) as error:
        raise NotIcuData("shorter than its own table") from error
    found = []
    for at, (name, begin) in enumerate(told):
        end = told[at + 1][1] if at + 1 < count else len(data) - length
        if not name < begin <= end <= len(data) - length:
            raise NotIcuData("items are not in the order of their names")
        text = data[length + name : data.index(b"\0", length + name)].decode("ascii")
        found.append((text, data[length + begin : length + end]))
    return data[:length], found


def packed(header: bytes, kept: list[tuple[str, bytes]]) -> bytes:
    """Return a package of such items, which are sorted by name."""
    names, table, bodies = b"", b"", b""
    first_name = 4 + len(kept) * _ENTRY.size
    for name, _ in kept:
        names += name.encode("ascii") + b"\0"
    first_body = -(-(first_name + len(names)) // _ALIGN) * _ALIGN
    at = first_name
    for name, body in kept:
        table += _ENTRY.pack(at, first_body + len(bodies))
        at += len(name) + 1
        bodies += body + b"\0" * (-len(body) % _ALIGN)
    head = struct.pack("<I", len(kept)) + table + names
    return header + head.ljust(first_body, b"\0") + bodies


def cut_down(data: bytes) -> bytes:
    """Return the package with the kept items alone."""
    header, found = items(data)
    kept = [(name, body) for name, body in found if KEPT.fullmatch(name.partition("/")[2])]
    if not kept:
        raise NotIcuData("none of its items is one that we keep")
    return packed(header, kept)


def smaller(library: Path, out: Path) -> Path:
    """Link a library of the same name and symbol with the data cut down, in folder ``out``; needs binutils.

    Raises NotIcuData, OSError, CalledProcessError.
    """
    number = re.fullmatch(r"libicudata\.so\.(\d+)", library.name)
    if number is None:
        raise NotIcuData(f"{library.name} is not ICU's data")
    symbol = f"icudt{number[1]}_dat"
    data = cut_down(_read_only_data(library))
    out.mkdir(parents=True, exist_ok=True)
    made = out.absolute() / library.name
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "icu.dat").write_bytes(data)
        (place / "icu.s").write_text(
            f".section .rodata\n.balign 16\n.globl {symbol}\n.type {symbol}, @object\n{symbol}:\n"
            f'.incbin "icu.dat"\n.size {symbol}, . - {symbol}\n.section .note.GNU-stack\n',
            "ascii",
        )
        link = ["ld", "-shared", "-z", "noexecstack", "-soname", library.name, "-o", str(made), "icu.o"]
        for words in (["as", "-o", "icu.o", "icu.s"], link):
            subprocess.run(words, cwd=place, check=True)
    return made


def _read_only_data(library: Path) -> bytes:
    """Return the section that holds nothing but ICU's data."""
    said = subprocess.run(
        ["readelf", "-SW", str(library)],
        check=True,
        capture_output=True,
        text=True,
        env={"LC_ALL": "C"} | PATH,
    ).stdout
    section = re.search(r"\.rodata +PROGBITS +[0-9a-f]+ ([0-9a-f]+) ([0-9a-f]+)", said)
    if section is None:
        raise NotIcuData(f"{library.name} has no section of data")
    begin, length = int(section[1], 16), int(section[2], 16)
    return library.read_bytes()[begin : begin + length]
