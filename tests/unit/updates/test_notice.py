"""What a notice must be before a word of it is believed."""

from __future__ import annotations

import base64
import random
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from liveconsole import __version__, versions
from liveconsole.messages.update_words import UPDATE_WORDS, update_words
from liveconsole.updates.checking import built_in, offer_of
from liveconsole.updates.kept import EVERY, KeptUpdate, is_due
from liveconsole.updates.notice import (
    NOTICE_BYTES,
    ReleaseSource,
    UpdateRefused,
    check_page,
    envelope,
    read_notice,
    signed_bytes,
    version_of,
)
from liveconsole.updates.updater import DownloadPage
from tests.unit.updates.made_notices import HOST, NOW, OURS, SOURCE, THEIRS, public, signed, told


def refused(raw: bytes, source: ReleaseSource = SOURCE, **more: Any) -> str:
    with pytest.raises(UpdateRefused) as why:
        offer_of(raw, source, NOW, **more)
    for english in (False, True):
        said = update_words(why.value.code, why.value.params, english=english)
        assert said != why.value.code
        assert "{" not in said
    return why.value.code


def test_a_signed_notice_of_a_newer_version_is_an_offer() -> None:
    offer, notice = offer_of(signed(), SOURCE, NOW)
    assert offer is not None
    assert (notice.version, notice.notes.en) == ("9.9.9", "New\n- Good")
    assert not offer.too_old
    assert offer_of(signed(version=__version__), SOURCE, NOW)[0] is None
    needs = offer_of(signed(oldest_schema=versions.SCHEMA + 1), SOURCE, NOW)[0]
    assert needs is not None
    assert needs.too_old


def test_what_is_signed_is_the_encoding_that_dsse_publishes() -> None:
    """The example of the specification's own page, so that any tool of others can check our file."""
    assert signed_bytes(b"hello world", "http://example.com/HelloWorld") == (
        b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    )


def test_each_changed_byte_is_seen() -> None:
    """The whole file, a byte at a time: whatever is changed, it is refused or says the very same thing."""
    raw = signed()
    whole = offer_of(raw, SOURCE, NOW)[1]
    chance = random.Random(5)
    codes = set()
    for at in range(len(raw)):
        bent = bytearray(raw)
        bent[at] ^= 1 << chance.randrange(7)
        try:
            assert offer_of(bytes(bent), SOURCE, NOW)[1] == whole, at
        except UpdateRefused as why:
            codes.add(why.code)
    assert {"bad_signature", "not_whole", "unknown_key"} <= codes <= {"bad_signature", "not_whole", "unknown_key", "other_product"}  # fmt: skip  # noqa: E501


def test_a_file_that_is_cut_anywhere_is_not_whole() -> None:
    raw = signed().rstrip()
    assert {refused(raw[:at]) for at in range(0, len(raw), 7)} == {"not_whole"}


def test_a_payload_under_the_signature_of_another_is_refused() -> None:
    """The twin of the signature's check: both are ours, whole, and do not belong together."""
    first, second = msgspec.json.encode(told()), msgspec.json.encode(told(version="9.9.10"))
    swapped = envelope(second, {"first": OURS.sign(signed_bytes(first))})
    assert refused(swapped) == "bad_signature"
    bare = envelope(first, {"first": OURS.sign(first)})
    assert refused(bare) == "bad_signature", "signed without its type"


def test_only_a_key_of_ours_counts() -> None:
    assert refused(signed(key=THEIRS)) == "bad_signature"
    assert refused(signed(key=THEIRS, name="theirs")) == "unknown_key"
    assert refused(envelope(msgspec.json.encode(told()), {})) == "unknown_key"
    assert refused(signed(), ReleaseSource(SOURCE.address)) == "not_set_up"
    raw = msgspec.json.encode(told())
    both = envelope(raw, {"theirs": THEIRS.sign(signed_bytes(raw)), "second": THEIRS.sign(signed_bytes(raw))})
    after = ReleaseSource(SOURCE.address, {"first": public(OURS), "second": public(THEIRS)})
    assert offer_of(both, after, NOW)[0] is not None, "a key that came later is as good as the first"


def test_an_old_or_a_shown_again_notice_is_refused() -> None:
    assert refused(signed(expires=NOW)) == "stale"
    assert refused(signed(date=NOW + timedelta(days=2))) == "clock"
    assert refused(signed(version="0.0.1")) == "older"
    assert refused(signed(), seen=NOW) == "replayed"
    assert offer_of(signed(), SOURCE, NOW, seen=told()["date"])[0] is not None, "the same one again is none"
    assert refused(signed(version="9.9.9"), running="10.0.0") == "older"


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        msgspec.json.encode(told(version="9.9")),
        msgspec.json.encode(told(notes={"zh": "x" * 4001, "en": ""})),
        msgspec.json.encode(told(files=[told()["files"][0]] * 41)),
        msgspec.json.encode(told(files=[{**told()["files"][0], "name": "../a"}])),
        msgspec.json.encode(told(date="2026-12-01T00:00:00")),
    ],
)
def test_what_our_key_signed_must_still_be_a_notice(payload: bytes) -> None:
    assert refused(signed(payload)) == "not_read"


def test_another_program_of_the_same_key_is_not_ours() -> None:
    assert refused(signed(product="another")) == "other_product"
    raw = msgspec.json.encode(told())
    of_other_type = OURS.sign(signed_bytes(raw, "text/plain"))
    assert refused(envelope(raw, {"first": of_other_type}).replace(b"application/vnd.liveconsole.release+json", b"text/plain")) == "other_product"  # fmt: skip  # noqa: E501


def test_what_is_too_long_is_not_even_decoded() -> None:
    wide = signed(notes={"zh": "", "en": ""}).rstrip()
    assert refused(wide + b" " * (NOTICE_BYTES + 1 - len(wide))) == "too_long"
    assert offer_of(wide + b" " * (NOTICE_BYTES - len(wide)), SOURCE, NOW)[0] is not None


@pytest.mark.parametrize(
    "page",
    [
        f"http://{HOST}/",
        "https://elsewhere.example/",
        f"https://{HOST}.elsewhere.example/",
        f"https://{HOST}@elsewhere.example/",
        f"https://elsewhere.example\\@{HOST}/",
        f"https://{HOST}:8443/",
        f"https://user@{HOST}/",
        f"//{HOST}/",
        "javascript:alert(1)",
        "file:///etc/passwd",
        f"https://{HOST}/\n",
        f"https://{HOST}/ a",
        f"https://{HOST}/" + "x" * 300,
        f"https://{HOST.replace('e', 'е')}/",  # a Cyrillic letter that looks the same
        "https://[::1",
        "",
    ],
)
def test_a_page_that_is_not_on_the_release_host_is_never_opened(page: str) -> None:
    assert refused(signed(page=page)) == "bad_page"
    opened: list[str] = []

    def show(url: str) -> bool:
        opened.append(url)
        return True

    with pytest.raises(UpdateRefused):
        check_page(page, HOST)
    with pytest.raises(UpdateRefused):
        check_page(page, "")
    offer = offer_of(signed(), SOURCE, NOW)[0]
    assert offer is not None
    bent = msgspec.structs.replace(offer, notice=msgspec.structs.replace(offer.notice, page=page))
    with pytest.raises(UpdateRefused):
        DownloadPage(HOST, show).begin(bent)
    assert not opened
    DownloadPage(HOST, show).begin(offer)
    assert opened == [offer.notice.page]
    with pytest.raises(UpdateRefused) as why:
        DownloadPage(HOST, lambda _url: False).begin(offer)
    assert why.value.params == {"page": offer.notice.page}


def test_nobody_is_asked_before_somebody_agreed_nor_twice_a_day() -> None:
    assert not is_due(KeptUpdate(), NOW)
    agreed = KeptUpdate(agreed=True)
    assert is_due(agreed, NOW)
    asked = KeptUpdate(agreed=True, asked_at=NOW)
    assert not is_due(asked, NOW + EVERY - timedelta(seconds=1))
    assert is_due(asked, NOW + EVERY)
    assert is_due(asked, NOW - timedelta(hours=1)), "a clock that was set back is no reason to stay silent"


def test_the_built_in_source_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    source = built_in()
    if not source.is_set_up:
        assert (source.address, source.keys) == ("", {}), (
            "half of it is a mistake, and so is an address of nobody"
        )
        return
    assert source.address.startswith(f"https://{source.host}/")
    for key in source.keys.values():
        assert len(base64.b64decode(key)) == 32
    assert version_of(__version__) >= (0, 9, 0)


def test_every_code_has_words_in_both_languages() -> None:
    for zh, en in UPDATE_WORDS.values():
        assert zh.strip()
        assert en.isascii()
        assert not zh.isascii()
    with pytest.raises(UpdateRefused):
        read_notice(b"", SOURCE, NOW)
