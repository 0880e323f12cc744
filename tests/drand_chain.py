"""A drand chain of a test's own: a key made for it, rounds signed with it, and a relay that serves them."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from pyblst import BlstP1Element, BlstP2Element

from liveconsole.domain.drand import Chain

_ORDER = 0x73EDA753299D7D483339D80809A1D80553BDA402FFFE5BFEFFFFFFFF00000001
_G2 = (
    "93e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e"
    "024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8"
)


class OwnChain:
    """``period`` seconds from round to round; round 1 was at ``genesis`` (Unix seconds)."""

    def __init__(self, name: str = "test", genesis: int | None = None, period: int = 1) -> None:
        self._secret = int.from_bytes(sha256(name.encode()).digest(), "big") % _ORDER
        self.genesis, self.period = int(time.time()) - 100 if genesis is None else genesis, period
        key = BlstP2Element().uncompress(bytes.fromhex(_G2)).scalar_mul(self._secret).compress()
        seed = sha256(b"group").digest()
        whole = self.period.to_bytes(4, "big") + self.genesis.to_bytes(8, "big") + key + seed + name.encode()
        self.hash = sha256(whole).hexdigest()
        self.info: dict[str, Any] = {
            "public_key": key.hex(),
            "period": self.period,
            "genesis_time": self.genesis,
            "hash": self.hash,
            "groupHash": seed.hex(),
            "schemeID": "bls-unchained-g1-rfc9380",
            "metadata": {"beaconID": name},
        }

    @property
    def chain(self) -> Chain:
        return Chain(self.hash, self.info["public_key"], self.genesis, self.period)

    def sign(self, number: int) -> bytes:
        message = sha256(number.to_bytes(8, "big")).digest()
        point = BlstP1Element().hash_to_group(message, b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_")
        return bytes(point.scalar_mul(self._secret).compress())

    def file(self, folder: Path) -> Path:
        """Its info, as ``/info`` of a relay says it."""
        path = folder / "chain.json"
        path.write_text(json.dumps(self.info), "utf-8")
        return path


Serves = Callable[[int], "bytes | int"]
"""The body of a round, or a status."""


def honest(chain: OwnChain) -> Serves:
    def serve(number: int) -> bytes | int:
        if number > (time.time() - chain.genesis) / chain.period + 1:
            return 425
        signature = chain.sign(number)
        told = {"round": number, "signature": signature.hex(), "randomness": sha256(signature).hexdigest()}
        return json.dumps(told).encode()

    return serve


@contextmanager
def relay(chain: OwnChain, serves: Serves | None = None) -> Iterator[tuple[str, list[str]]]:
    """The base address of a relay on this machine, and every path that it was asked for."""
    asked: list[str] = []
    serve = serves or honest(chain)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            body = serve(int(self.path.rsplit("/", 1)[1]))
            status, sent = (200, body) if isinstance(body, bytes) else (body, b"")
            self.send_response(status)
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
