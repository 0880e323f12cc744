"""Notices made with keys of the tests' own."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from liveconsole.updates.notice import ReleaseSource, envelope, signed_bytes

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
OURS = Ed25519PrivateKey.from_private_bytes(b"\x01" * 32)
THEIRS = Ed25519PrivateKey.from_private_bytes(b"\x02" * 32)
HOST = "release.example"


def public(key: Ed25519PrivateKey) -> str:
    return base64.b64encode(key.public_key().public_bytes_raw()).decode()


SOURCE = ReleaseSource(f"https://{HOST}/latest.json", {"first": public(OURS)})


def told(now: datetime = NOW, **other: Any) -> dict[str, Any]:
    return {
        "product": "live-room-console",
        "version": "9.9.9",
        "date": now - timedelta(days=1),
        "expires": now + timedelta(days=100),
        "page": f"https://{HOST}/download/9.9.9/",
        "notes": {"zh": "新的\n- 好用", "en": "New\n- Good"},
        "oldest_schema": 1,
        "files": [{"name": "a-9.9.9.deb", "system": "linux", "size": 5, "sha256": "0" * 64}],
        **other,
    }


def signed(payload: Any = None, *, key: Ed25519PrivateKey = OURS, name: str = "first", **other: Any) -> bytes:
    raw = payload if isinstance(payload, bytes) else msgspec.json.encode(payload or told(**other))
    return envelope(raw, {name: key.sign(signed_bytes(raw))})
