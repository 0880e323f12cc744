"""Addresses of this computer at which the studio can reach it, without a library and without a packet."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import struct
import sys
from typing import Final

from liveconsole.messages.sharing import AddressOffer

_TOWARDS: Final = ("192.0.2.1", "192.168.255.254", "10.255.255.254", "172.31.255.254", "100.127.255.254")
"""Where a datagram would go: the first says which address the way out goes through. None is sent."""
_MOST: Final = 16


def offered() -> list[AddressOffer]:
    """Return this computer's private IPv4 addresses, the usual one first. May look the own name up: use a
    thread."""
    usual = _towards(_TOWARDS[0])
    found = [usual, *map(_towards, _TOWARDS[1:]), *_of_interfaces(), *_of_name()]
    near = [address for address in dict.fromkeys(found) if is_near(address)]
    return [AddressOffer(address, address == usual) for address in near[:_MOST]]


def is_near(address: str) -> bool:
    """Tell whether only the own network reaches it; the computer itself (127.…) is not offered."""
    return may_listen(address) and not ipaddress.ip_address(address).is_loopback


def may_listen(address: str) -> bool:
    """Tell whether a room may be shared there: one private IPv4 address, never all of them at once."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if found.version != 4 or found.is_unspecified or found.is_multicast or found.is_reserved:
        return False
    return found.is_private or found in ipaddress.ip_network("100.64.0.0/10")


def _towards(target: str) -> str:
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.connect((target, 9))
        return str(asking.getsockname()[0])
    return ""


def _of_interfaces() -> list[str]:
    if sys.platform != "linux":
        return []
    import fcntl  # of Linux alone

    found = []
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        for _, name in socket.if_nameindex():
            with contextlib.suppress(OSError):
                said = fcntl.ioctl(asking, 0x8915, struct.pack("256s", name.encode()[:15]))  # SIOCGIFADDR
                found.append(socket.inet_ntoa(said[20:24]))
    return found


def _of_name() -> list[str]:
    with contextlib.suppress(OSError, UnicodeError):
        return list(socket.gethostbyname_ex(socket.gethostname())[2])
    return []
