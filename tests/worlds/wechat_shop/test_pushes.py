"""Callbacks are wrapped as the vectors are, say what the documented ones say, and are said again."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from tests.worlds.wechat_shop.clients import HandClock
from tests.worlds.wechat_shop.made_up import PRODUCT, SKU
from tests.worlds.wechat_shop.pushes import Keys, Pusher, encrypt, pushed, sign
from tests.worlds.wechat_shop.shop import Shop


def plain(keys: Keys, wrapped: str) -> bytes:
    key = base64.b64decode(keys.aes_key + "=")
    cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
    whole = cipher.update(base64.b64decode(wrapped)) + cipher.finalize()
    return whole[: -whole[-1]]


def test_wrapping_gives_the_vectors_to_the_byte(shared: Path) -> None:
    folder = shared / "samples/push_crypto"
    one = json.loads((folder / "wx-push-crypto-vector.json").read_text("utf-8"))
    two = json.loads((folder / "wx-push-json-vector.generated.json").read_text("utf-8"))
    for vector, message, wrapped, query in (
        (one, one["plain"], one["encrypt"], one),
        (two, two["plain_json"], two["body"]["Encrypt"], two["query"]),
    ):
        keys = Keys(vector["token"], vector["encoding_aes_key"], vector["appid"])
        noise = plain(keys, wrapped)[:16]
        assert encrypt(keys, message.encode(), noise) == wrapped
        assert sign(keys.token, query["timestamp"], query["nonce"], wrapped) == query["msg_signature"]
    check = json.loads((folder / "url_verify_vector.json").read_text("utf-8"))
    assert sign(check["token"], check["timestamp"], check["nonce"]) == check["signature"]


def test_what_happens_is_pushed_as_documented(shop: Shop, clock: HandClock, shared: Path) -> None:
    pusher = Pusher("http://127.0.0.1:9")
    shop.push = pusher.take
    order = shop.orders.place("oBuyer", [(PRODUCT, SKU, 1)])
    shop.orders.pay(order.order_id)
    shop.orders.send(order.order_id)
    shop.orders.confirm(order.order_id)
    shop.aftersales.open(order.order_id, 100)
    shop.orders.close(shop.orders.place("oBuyer", [(PRODUCT, SKU, 1)]).order_id)
    for envelope in pushed(pusher):
        path = shared / "samples/channels_ec_events" / f"{envelope['Event']}.json"
        documented: dict[str, Any] = json.loads(path.read_text("utf-8"))
        assert list(envelope) == list(documented), path.name
        body = list(documented)[-1]
        assert envelope[body].keys() == documented[body].keys(), path.name
        if "order_info" in documented:
            assert type(envelope[body]["order_id"]) is type(documented[body]["order_id"]), path.name
    assert len(pushed(pusher)) == 7


async def test_a_push_is_said_again_until_somebody_takes_it(shop: Shop, clock: HandClock) -> None:
    came: list[bytes] = []
    deaf = 3

    async def take(request: web.Request) -> web.Response:
        nonlocal deaf
        body = await request.json()
        query = request.query
        assert query["msg_signature"] == sign(
            Keys().token, query["timestamp"], query["nonce"], body["Encrypt"]
        )
        deaf -= 1
        if deaf >= 0:
            return web.Response(status=500)
        came.append(plain(Keys(), body["Encrypt"])[20:])
        return web.Response(text="success")

    app = web.Application()
    app.router.add_post("/push", take)
    async with TestServer(app) as server, aiohttp.ClientSession(trust_env=False) as session:
        pusher = Pusher(str(server.make_url("/push")))
        shop.push = pusher.take
        shop.orders.place("oBuyer", [(PRODUCT, SKU, 1)])
        taken = []
        for seconds in (0, 0, 0, 9, 1):
            clock.go(seconds)
            taken.append(await pusher.deliver(session, shop.clock.now()))
    assert taken == [0, 0, 0, 0, 1]
    assert len(came) == 1
    assert pusher.waiting == []
