"""Rounds of drand: the published one verifies, what was invented does not, and a chain is its hash."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import pytest

from liveconsole import verify_drand
from liveconsole.connectors.drand.chain import BadChain, chain_of
from liveconsole.connectors.drand.signature import is_signed
from liveconsole.domain.drand import QUICKNET, Chain
from tests.drand_chain import OwnChain

ROUND = 657413
SIGNED = bytes.fromhex(
    "b713718a38ae728dfd477991af2822e08d2f305e47718cef9f7848ce4050e7be41076862b98fad56e91a6b85b89cd97b"
)
"""A round of quicknet, published in the readme of mcdcam/python-drand-verify."""


def both(chain: Chain, number: int, signature: bytes) -> bool:
    """The engine's answer, which must be that of the independent check."""
    one = is_signed(chain, number, signature)
    assert verify_drand.is_signed(bytes.fromhex(chain.public_key), number, signature) is one
    return one


def test_a_published_round_verifies() -> None:
    assert both(QUICKNET, ROUND, SIGNED)
    assert sha256(SIGNED).hexdigest() == "fc1873a13f3545aeade8401532ef5519920652eee6b0d2b19ca12643b87b3587"


def test_the_published_vectors_verify(shared: Path) -> None:
    told = json.loads((shared / "data/draw_vectors_misc/drand.json").read_text("utf-8"))["quicknet"]
    assert (told["chain_hash"], told["public_key"]) == (QUICKNET.hash, QUICKNET.public_key)
    assert (told["genesis_time"], told["period_s"]) == (QUICKNET.genesis, QUICKNET.period)
    for beacon in told["beacons"]:
        assert both(QUICKNET, beacon["round"], bytes.fromhex(beacon["signature"]))


@pytest.mark.parametrize(
    "signature",
    [
        b"",
        SIGNED[:-1],
        SIGNED + b"\0",
        bytes(48),
        b"\xc0" + bytes(47),  # infinity
        b"\x80" + bytes(46) + b"\x04",  # on the curve, outside of its group
        SIGNED[:-1] + bytes([SIGNED[-1] ^ 1]),
        bytes([SIGNED[0] ^ 0x20]) + SIGNED[1:],  # the other root
        OwnChain().sign(ROUND),
    ],
)
def test_what_is_not_its_signature_is_refused(signature: bytes) -> None:
    assert not both(QUICKNET, ROUND, signature)


@pytest.mark.parametrize("number", [ROUND - 1, ROUND + 1, 0, -1, 2**64])
def test_a_signature_is_of_one_round(number: int) -> None:
    assert not both(QUICKNET, number, SIGNED)


def test_a_key_at_infinity_signs_nothing() -> None:
    chain = Chain("x", (b"\xc0" + bytes(95)).hex(), 0, 3)
    assert not both(chain, 1, b"\xc0" + bytes(47))


def test_a_chain_of_a_file_is_what_its_hash_says() -> None:
    own = OwnChain()
    assert chain_of(own.info) == own.chain
    assert verify_drand.chains([own.info])[own.hash].key.hex() == own.chain.public_key
    assert set(verify_drand.chains()) == {QUICKNET.hash}
    for change in (
        {"public_key": OwnChain("another").info["public_key"]},
        {"period": 2},
        {"genesis_time": 1},
        {"schemeID": "pedersen-bls-chained"},
        {"metadata": {"beaconID": "other"}},
        {"public_key": "zz"},
        {"period": None},
    ):
        with pytest.raises(BadChain):
            chain_of(own.info | change)
    with pytest.raises(BadChain):
        chain_of([])


def test_a_round_comes_when_its_chain_says() -> None:
    moment = QUICKNET.time_of(1000)
    assert QUICKNET.round_after(moment) == 1000
    assert QUICKNET.time_of(1001) - moment == QUICKNET.time_of(2) - QUICKNET.time_of(1)
