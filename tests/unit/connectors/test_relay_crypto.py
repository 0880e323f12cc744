"""Pushes as the platform signs and wraps them: the vectors, and everything that is a little different."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liveconsole.connectors.relay.crypto import (
    BadPush,
    Wrapped,
    is_signed,
    opened,
    signature_of,
    unwrapped,
    wrapped,
)
from liveconsole.connectors.relay.hints import NoHint, hint_of

KEY = base64.b64encode(bytes(range(32))).decode().rstrip("=")
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
APPID = "wx0123456789abcdef"


def vector(shared: Path, name: str) -> Any:
    return json.loads((shared / "samples/push_crypto" / name).read_text("utf-8"))


def test_the_check_of_an_address_is_signed(shared: Path) -> None:
    told = vector(shared, "url_verify_vector.json")
    assert is_signed(told["token"], told["signature"], told["timestamp"], told["nonce"])
    assert not is_signed(told["token"] + "x", told["signature"], told["timestamp"], told["nonce"])


def test_the_platforms_own_vector_opens(shared: Path) -> None:
    told = vector(shared, "wx-push-crypto-vector.json")
    push = Wrapped(told["timestamp"], told["nonce"], told["msg_signature"], told["encrypt"])
    keys = {"token": told["token"], "aes_key": told["encoding_aes_key"], "appid": told["appid"]}
    assert opened(push, **keys).decode() == told["plain"]


def test_a_push_of_the_shop_opens_and_names_its_order(shared: Path) -> None:
    told = vector(shared, "wx-push-json-vector.generated.json")
    query = told["query"]
    push = Wrapped(query["timestamp"], query["nonce"], query["msg_signature"], told["body"]["Encrypt"])
    keys = {"token": told["token"], "aes_key": told["encoding_aes_key"], "appid": told["appid"]}
    message = opened(push, **keys)
    assert message.decode() == told["plain_json"]
    hint = hint_of(message)
    assert (hint.about, hint.id, hint.created) == ("order", "3705115058471208928", 1662480000)


def signed(message: bytes, *, token: str = "T", appid: str = APPID, key: str = KEY) -> Wrapped:
    encrypt = wrapped(message, aes_key=key, appid=appid, random=bytes(16))
    return Wrapped("1700000000", "n", signature_of(token, "1700000000", "n", encrypt), encrypt)


@given(st.binary(max_size=300))
def test_what_was_wrapped_is_opened_as_it_was(message: bytes) -> None:
    assert opened(signed(message), token="T", aes_key=KEY, appid=APPID) == message


@pytest.mark.parametrize(
    ("push", "code"),
    [
        (msgspec.structs.replace(signed(b"{}"), timestamp="1700000001"), "signature"),
        (msgspec.structs.replace(signed(b"{}"), nonce="m"), "signature"),
        (msgspec.structs.replace(signed(b"{}"), signature=""), "signature"),
        (signed(b"{}", token="U"), "signature"),
        (signed(b"{}", token=""), "signature"),
        (signed(b"{}", appid="wx0123456789abcdee"), "appid"),
        (signed(b"{}", appid=APPID + "x"), "appid"),
        (signed(b"{}", appid=""), "appid"),
    ],
)
def test_what_is_not_the_shops_does_not_open(push: Wrapped, code: str) -> None:
    with pytest.raises(BadPush) as refused:
        opened(push, token="T", aes_key=KEY, appid=APPID)
    assert refused.value.code == code


def test_an_empty_token_or_appid_believes_nobody() -> None:
    push = signed(b"{}", token="", appid="")
    for token, appid in (("", ""), ("", APPID), ("T", "")):
        with pytest.raises(BadPush):
            opened(push, token=token, aes_key=KEY, appid=appid)


@pytest.mark.parametrize("key", ["", "short", KEY + "A", "*" * 43])
def test_what_is_no_key_is_said_to_be_none(key: str) -> None:
    with pytest.raises(BadPush, match="key"):
        unwrapped(signed(b"{}").encrypt, aes_key=key, appid=APPID)


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_and_break_nothing(noise: bytes) -> None:
    with pytest.raises(BadPush):
        unwrapped(base64.b64encode(noise).decode(), aes_key=KEY, appid=APPID)


def test_every_bit_that_is_turned_is_seen_by_the_signature() -> None:
    push = signed(b'{"Event":"x"}')
    raw = base64.b64decode(push.encrypt)
    for place in range(len(raw)):
        turned = bytes([*raw[:place], raw[place] ^ 1, *raw[place + 1 :]])
        bent = msgspec.structs.replace(push, encrypt=base64.b64encode(turned).decode())
        with pytest.raises(BadPush, match="signature"):
            opened(bent, token="T", aes_key=KEY, appid=APPID)


def test_twin_without_the_appid_a_foreign_push_would_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hmac.compare_digest", lambda a, b: True)
    foreign = signed(b"{}", token="U", appid="wxother")
    assert opened(foreign, token="T", aes_key=KEY, appid=APPID) == b"{}"


def test_every_sample_of_a_push_is_understood_or_left(shared: Path) -> None:
    seen: dict[str, tuple[str, str]] = {}
    for path in sorted((shared / "samples/channels_ec_events").glob("*.json")):
        try:
            hint = hint_of(path.read_bytes())
        except NoHint:
            continue
        seen[hint.event] = (hint.about, hint.id)
    assert seen["channels_ec_order_new"][0] == "order"
    assert seen["channels_ec_aftersale_update"] == ("aftersale", "1234567")
    assert seen["channels_ec_stock_no_enough"] == ("product", "12345678")
    assert seen["product_spu_listing"] == ("product", "12345678")
    assert seen["channels_ec_coupon_receive"] == ("promotion", "19126")
    assert seen["api_diff"] == ("shop", "api_diff")
    assert seen["channels_ec_present_aftersale_update"] == ("aftersale", "1234567")
    assert seen["channels_ec_guarantee_update"] == ("order", "12345")  # a body that nobody wrote down
    orders = [name for name in seen if name.startswith("channels_ec_order")]
    assert len(orders) >= 7
    assert all(seen[name][0] == "order" for name in orders)


def test_an_order_id_without_quotes_keeps_every_digit() -> None:
    hint = hint_of(
        b'{"MsgType":"event","Event":"channels_ec_order_new","CreateTime":"1",'
        b'"order_info":{"order_id":3705115058471208928}}'
    )
    assert hint.id == "3705115058471208928"


@given(ANY_JSON)
def test_any_json_is_a_hint_or_none(told: Any) -> None:
    try:
        hint_of(json.dumps(told).encode("utf-8", "surrogatepass"))
    except NoHint:
        return
    raise AssertionError("a hint out of nothing")
