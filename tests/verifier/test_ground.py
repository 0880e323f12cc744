"""Ground seeds: values tried until one's own entry wins get past neither ``verify-draw`` nor the page."""

from __future__ import annotations

import asyncio
import copy
import hashlib
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from liveconsole import verify_draw
from tests.overlay.chromium import browser, needs_chromium
from tests.verifier.test_page import CHAIN, Json, independent, opened, receipt_of, verdict


def ground(receipt: Json, chance: random.Random, tries: int) -> Iterator[Json]:
    """The tries whose own entry came out first, whole receipts in which all else fits."""
    entries = [(entry["id"], entry["weight"]) for entry in receipt["entries"]]
    wanted, places = entries[0][0], len(receipt["winners"])
    for _ in range(tries):
        tried = chance.randbytes(48)
        signature = bytes([tried[0] & 0x1F | 0x80]) + tried[1:]  # as a point looks
        is_drand = receipt["randomness"]["source"] == "drand"
        value = hashlib.sha256(signature).hexdigest()
        seed = verify_draw.seed_of(receipt["root"], value)
        picked = verify_draw.pick(entries, seed, places + len(receipt["alternates"]))
        if picked[0] != wanted:
            continue
        forged = copy.deepcopy(receipt)
        forged["randomness"]["value"] = value
        if is_drand:
            forged["randomness"]["signature"] = signature.hex()
        forged |= {"seed": seed, "winners": picked[:places], "alternates": picked[places:]}
        yield forged | {"code": verify_draw.receipt_code(forged)}


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("drand", [True, False])
@pytest.mark.parametrize(
    ("tries", "entrants", "count"), [(2_000, 12, 10), pytest.param(100_000, 200, 100, marks=pytest.mark.deep)]
)
@needs_chromium
async def test_the_best_of_ground_seeds_are_refused(
    tries: int, entrants: int, count: int, drand: bool, tmp_path: Path
) -> None:
    chance = random.Random(5)
    receipt = receipt_of(entrants, chance, drand=drand)
    assert independent(receipt, CHAIN.info)[0] == "valid"
    best = await asyncio.to_thread(lambda: list(ground(receipt, chance, tries))[:count])
    assert len(best) == count
    async with browser(tmp_path / "profile") as page:
        await opened(page, tmp_path, receipt)
        assert (await verdict(page, receipt, CHAIN.info))["verdict"] == "valid"
        for forged in best:
            told, found = independent(forged, CHAIN.info)
            assert told == "invalid"
            assert [holds for holds, _ in found].count(False) == 1  # its value, and nothing else
            assert (await verdict(page, forged, CHAIN.info))["verdict"] == "invalid"
