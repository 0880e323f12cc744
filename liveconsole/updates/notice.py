"""What a notice of a version says, and whether it may be believed. Pure: bytes, keys and the time come in.

The file is a DSSE envelope (github.com/secure-systems-lab/dsse): the signature is over the very bytes of the
payload and its type, so that nothing has to be written twice in the same way, and nothing of the payload is
read before a key of ours has signed it.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Final
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta, Struct

from liveconsole.messages.unreadable import UNREADABLE

NOTICE_BYTES: Final = 64 * 1024
"""What is longer is no notice: none of it is decoded."""
PAYLOAD_TYPE: Final = "application/vnd.liveconsole.release+json"
PRODUCT: Final = "live-room-console"
CLOCKS_DIFFER: Final = timedelta(days=1)
"""So much earlier than the notice's date a computer's clock may be."""
_VERSION: Final = re.compile(r"(\d{1,5})\.(\d{1,5})\.(\d{1,5})")
_ADDRESS: Final = re.compile(r"[!-~]{1,300}")

Version = tuple[int, int, int]


class UpdateRefused(Exception):
    """Nothing was learnt, or what came is not believed; ``code`` has its words in `messages.update_words`."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code, self.params = code, params


class ReleaseFile(Struct, frozen=True):
    """One file of a version, for one system."""

    name: Annotated[str, Meta(pattern=r"^[A-Za-z0-9._+-]{1,120}$")]
    system: Annotated[str, Meta(pattern=r"^[a-z]{1,20}$")]
    """``linux``, ``windows`` or ``macos``."""
    size: Annotated[int, Meta(ge=1)]
    """Bytes."""
    sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]


class ReleaseNotes(Struct, frozen=True):
    """What is new, as plain text."""

    zh: Annotated[str, Meta(max_length=4_000)]
    en: Annotated[str, Meta(max_length=4_000)]


class ReleaseNotice(Struct, frozen=True):
    """The payload: the newest version as its publisher tells it."""

    product: str
    version: Annotated[str, Meta(pattern=r"^\d{1,5}\.\d{1,5}\.\d{1,5}$")]
    date: Annotated[datetime, Meta(tz=True)]
    """When it was signed."""
    expires: Annotated[datetime, Meta(tz=True)]
    """Believed until then: an old notice that is shown for ever would hide that there is a newer one."""
    page: str
    """Where a person downloads it, on the release host."""
    notes: ReleaseNotes
    oldest_schema: Annotated[int, Meta(ge=0)]
    """The oldest tables (`versions.SCHEMA`) that it can bring up to date."""
    files: Annotated[list[ReleaseFile], Meta(max_length=40)]


class _Signature(Struct, frozen=True):
    keyid: str
    sig: str


class _Envelope(Struct, frozen=True):
    payloadType: str
    payload: str
    signatures: Annotated[list[_Signature], Meta(max_length=8)]


class ReleaseSource(Struct, frozen=True):
    """``resources/update/source.json``: where the notice lies, and whose signature counts."""

    address: str
    keys: dict[str, str] = {}
    """Name of a key → Ed25519 public key, base64."""

    @property
    def is_set_up(self) -> bool:
        """Whether its publisher set up updates: with an address and a key. Else the program asks nobody."""
        return bool(self.keys) and bool(self.host)

    @property
    def host(self) -> str:
        """The release host: the download page lies there too, and nowhere else."""
        return urlsplit(self.address).hostname or ""


def version_of(text: str) -> Version:
    """Return the three numbers that a version begins with. Raises ValueError."""
    found = _VERSION.match(text)
    if found is None:
        raise ValueError(f"{text!r} is no version")
    return int(found[1]), int(found[2]), int(found[3])


def signed_bytes(payload: bytes, payload_type: str = PAYLOAD_TYPE) -> bytes:
    """Return what is signed: DSSE's encoding of a payload with its type."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def envelope(payload: bytes, signatures: Mapping[str, bytes]) -> bytes:
    """Return the file: a payload with its signatures, by the name of the key."""
    return msgspec.json.format(
        msgspec.json.encode(
            _Envelope(
                PAYLOAD_TYPE,
                base64.b64encode(payload).decode(),
                [_Signature(name, base64.b64encode(sig).decode()) for name, sig in signatures.items()],
            )
        )
    )


def read_notice(raw: bytes, source: ReleaseSource, now: datetime) -> ReleaseNotice:
    """Return what a file says, once a key of ours is found to have signed it and it is of this day.

    Raises:
        UpdateRefused: it is not whole, not ours, not signed by a key of ours, or too old to be believed.
    """
    if len(raw) > NOTICE_BYTES:
        raise UpdateRefused("too_long")
    if not source.is_set_up:
        raise UpdateRefused("not_set_up")
    payload = _believed(raw, source.keys)
    try:
        notice = msgspec.json.decode(payload, type=ReleaseNotice)
    except UNREADABLE as error:
        raise UpdateRefused("not_read") from error
    if notice.product != PRODUCT:
        raise UpdateRefused("other_product")
    if notice.date > now + CLOCKS_DIFFER:
        raise UpdateRefused("clock")
    if notice.expires <= now:
        raise UpdateRefused("stale", date=notice.expires.date().isoformat())
    check_page(notice.page, source.host)
    return notice


def check_page(page: str, host: str) -> None:
    """Look at a download page's address before anybody is sent there.

    Raises:
        UpdateRefused: it is not https on the release host.
    """
    try:
        parts = urlsplit(page)
        good = (
            _ADDRESS.fullmatch(page) is not None
            and "\\" not in page
            and parts.scheme == "https"
            and parts.netloc == host != ""  # neither a user nor a port in it
        )
    except ValueError:
        good = False
    if not good:
        raise UpdateRefused("bad_page")


def _believed(raw: bytes, keys: Mapping[str, str]) -> bytes:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        told = msgspec.json.decode(raw, type=_Envelope)
        payload = base64.b64decode(told.payload, validate=True)
        signatures = [(one.keyid, base64.b64decode(one.sig, validate=True)) for one in told.signatures]
    except (ValueError, *UNREADABLE) as error:
        raise UpdateRefused("not_whole") from error
    if told.payloadType != PAYLOAD_TYPE:
        raise UpdateRefused("other_product")
    ours = [(keys[name], sig) for name, sig in signatures if name in keys]
    if not ours:
        raise UpdateRefused("unknown_key")
    for key, sig in ours:
        try:
            Ed25519PublicKey.from_public_bytes(base64.b64decode(key)).verify(sig, signed_bytes(payload))
        except (InvalidSignature, ValueError):
            continue
        return payload
    raise UpdateRefused("bad_signature")
