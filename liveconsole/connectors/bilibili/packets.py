"""Packets of Bilibili's live socket, in and out of bytes. Pure.

A packet is a header of 16 bytes (``>I2H2I``: length, header length, how it is packed, operation, number) and
a body. Packed 0: a message; 1: a number; 2: packets again within zlib; 3: within brotli. Whoever is on the
other side decides what that unfolds to, so depth, bytes and packets are bounded.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import Final

import brotli
from msgspec import Struct

HEADER: Final = struct.Struct(">I2H2I")
HEARTBEAT, HEARTBEAT_REPLY, MESSAGE, AUTH, AUTH_REPLY = 2, 3, 5, 7, 8
PLAIN_LIMIT: Final = 8 << 20
"""Bytes of one frame once everything in it is unpacked."""
DEPTH_LIMIT: Final = 3
PACKETS_LIMIT: Final = 5_000
_PIECE: Final = 1 << 16


class BadPacket(Exception):
    """A frame of no usable shape, or one that unfolds to more than is taken."""


class Packet(Struct, frozen=True):
    operation: int
    body: bytes


def packed(operation: int, body: bytes = b"") -> bytes:
    """One packet as it is sent."""
    return HEADER.pack(HEADER.size + len(body), HEADER.size, 1, operation, 1) + body


def packets(frame: bytes) -> list[Packet]:
    """Every packet in a frame, those within others too.

    Raises:
        BadPacket: nothing of it is taken.
    """
    left = [PLAIN_LIMIT]
    found: list[Packet] = []
    for packet in _within(frame, 0, left):
        if len(found) >= PACKETS_LIMIT:
            raise BadPacket("more packets than one frame may hold")
        found.append(packet)
    return found


def _within(data: bytes, depth: int, left: list[int]) -> Iterator[Packet]:
    start = 0
    while start < len(data):
        if len(data) - start < HEADER.size:
            raise BadPacket("a header is cut off")
        length, head, version, operation, _ = HEADER.unpack_from(data, start)
        if head < HEADER.size or length < head or start + length > len(data):
            raise BadPacket("a length that does not fit")
        body = data[start + head : start + length]
        start += length
        if operation == MESSAGE and version in (2, 3):
            if depth >= DEPTH_LIMIT:
                raise BadPacket("packed too often")
            yield from _within(_unpacked(body, version, left), depth + 1, left)
        else:
            yield Packet(operation, body)


def _unpacked(body: bytes, version: int, left: list[int]) -> bytes:
    try:
        plain = _zlib(body, left[0]) if version == 2 else _brotli(body, left[0])
    except (zlib.error, brotli.error) as why:
        raise BadPacket("not packed as it says") from why
    left[0] -= len(plain)
    return plain


def _zlib(body: bytes, most: int) -> bytes:
    unpack = zlib.decompressobj()
    plain = unpack.decompress(body, most + 1)
    if len(plain) > most:
        raise BadPacket("unfolds to too much")
    if not unpack.eof:
        raise BadPacket("packed and cut off")
    return plain


def _brotli(body: bytes, most: int) -> bytes:
    """In pieces: one call may be given no bound that it keeps to the byte."""
    unpack = brotli.Decompressor()
    parts = [unpack.process(body, output_buffer_limit=_PIECE)]
    size = len(parts[0])
    while not unpack.is_finished():
        if unpack.can_accept_more_data():
            raise BadPacket("packed and cut off")
        part = unpack.process(b"", output_buffer_limit=_PIECE)
        parts.append(part)
        size += len(part)
        if size > most:
            raise BadPacket("unfolds to too much")
    if size > most:
        raise BadPacket("unfolds to too much")
    return b"".join(parts)
