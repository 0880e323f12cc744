"""Randomness of a real room, and secrets that outlive the process."""

from __future__ import annotations

import secrets

from liveconsole.domain.context import Chance
from liveconsole.domain.drand import QUICKNET, Chain
from liveconsole.store.store import Store


class SystemChance:
    """From the operating system. `secret` is a fresh one at every call: `KeptChance` keeps it."""

    def __init__(self, chain: Chain | None = QUICKNET) -> None:
        self.chain = chain

    def fresh(self, size: int) -> bytes:
        return secrets.token_bytes(size)

    def secret(self, draw_id: str) -> bytes:
        return secrets.token_bytes(32)


class KeptChance:
    """Another chance whose secrets stand in the store: ``pending`` go into the same transaction as the event
    that promises them."""

    def __init__(self, inner: Chance, store: Store) -> None:
        self._inner = inner
        self._store = store
        self.pending: dict[str, bytes] = {}

    @property
    def chain(self) -> Chain | None:
        return self._inner.chain

    def fresh(self, size: int) -> bytes:
        return self._inner.fresh(size)

    def secret(self, draw_id: str) -> bytes:
        name = f"draw:{draw_id}"
        value = self.pending.get(name) or self._store.secret(name)
        if value is None:
            value = self._inner.secret(draw_id)
            self.pending[name] = value
        return value
