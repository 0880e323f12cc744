"""A phone joins a real room over TLS: six digits on both sides, no names before the certificate is proved."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from liveconsole.messages.sharing import ShareAllow, ShareCode, ShareRefuse, ShareRevoke
from tests.contract.engine_process import EngineProcess
from tests.doors.sharing import local, opened, waiting
from tests.overlay.chromium import browser, needs_chromium
from tests.overlay.stage import BAG, enter, set_stage
from tests.phone.door import soon

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(120),
    needs_chromium,
]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineProcess]:
    """A bag is drawn, its winner waits; a sale is approved."""
    running = EngineProcess(tmp_path_factory.mktemp("join") / "room", "--port", "0").start()
    set_stage(running)
    running.done("cue.add", cue_id="bag", kind="lucky_bag", spec=BAG | {"seconds": 2, "winners": 1})
    running.done("cue.fire", cue_id="bag")
    enter(running, "驼色好看", ["赵大名"])
    sale = {"sku_id": "scarf", "price_fen": 9900, "quantity": 50, "per_buyer": 2, "seconds": 161}
    running.done("cue.add", cue_id="sale", kind="flash_sale", spec=sale)
    running.done("cue.approve", cue_id="sale")
    yield running
    running.stop()


def pins(engine: EngineProcess) -> list[str]:
    """The keys of the certificates that the room's doors show, as Chromium takes them: the door's first."""
    found = {}
    for path in engine.folder.rglob("*-127.0.0.1.pem"):
        key = x509.load_pem_x509_certificate(path.read_bytes()).public_key()
        info = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        found[path.name] = base64.b64encode(hashlib.sha256(info).digest()).decode()
    return [found[name] for name in sorted(found)]


async def test_a_phone_joins_proves_the_certificate_and_is_sent_away(
    engine: EngineProcess, tmp_path: Path
) -> None:
    shared = await opened(engine)
    door, word = pins(engine)
    trusts = "--ignore-certificate-errors-spki-list="
    async with local(engine) as host:
        # The warning was clicked away, for one certificate: what a browser lets a person do.
        async with browser(tmp_path / "one", trusts + door) as page:
            await page.go(f"{shared.link.replace('/join', '/join?lang=zh')}", 390, 844)
            await page.until("document.querySelector('#door form')")
            assert await page.ask("location.hash") == "", "a code is no part of an address that is kept"
            await page.ask("document.querySelectorAll('#door input')[1].value = '<b>小林</b>'")
            await page.ask("document.querySelector('#door form').requestSubmit()")
            (ask,) = (await waiting(host)).asks
            await page.until("document.querySelector('.digits')")
            shown = await page.ask("document.querySelector('.digits').textContent")
            assert (shown.replace(" ", ""), ask.label, ask.kind) == (ask.digits, "<b>小林</b>", "phone")
            assert (await host.share(ShareRefuse(ask.id))).ok
            await page.until("document.getElementById('door').innerText.includes('主播没有同意')")

            assert (await host.share(ShareCode())).ok
            code = (await host.share()).sharing.code
            await page.ask(f"document.querySelectorAll('#door input')[0].value = {code.lower()!r}")
            await page.ask("document.querySelector('#door form').requestSubmit()")
            (ask,) = (await waiting(host)).asks
            answer = await host.share(ShareAllow(ask.id, "assistant", True))
            assert answer.ok, answer
            await page.until("document.getElementById('top').className === 'green'")
            await page.until("!document.getElementById('draws').hidden")
            body = "document.documentElement.outerHTML + JSON.stringify(link.view)"
            assert "赵大名" not in await page.ask(body)
            assert await page.ask("document.getElementById('locked').hidden") is False
            assert await page.ask("!!document.querySelector('.hold')") is False, "nothing to fire with"
            assert await page.ask("door.trust()") is False
            kind = "link.headers({'Content-Type': 'application/json'})"
            body = "JSON.stringify({id: 'x', type: 'cue.fire', data: {cue_id: 'sale'}})"
            asked = f"fetch('/v1/commands', {{method: 'POST', headers: {kind}, body: {body}}})"
            refused = await page.ask(f"{asked}.then(answer => answer.status)")
            assert refused == 403
            token = await page.ask("link.seat.token")
            assert token not in await page.ask("document.documentElement.outerHTML")

        # The studio's certificate is installed: the second door is believed as well.
        async with browser(tmp_path / "both", f"{trusts}{door},{word}") as page:
            seat = json.dumps({"token": token, "label": "小林"})
            await page.call(
                "Page.addScriptToEvaluateOnNewDocument",
                source=f"localStorage.made ||= localStorage['liveconsole.seat'] = {seat!r}",
            )
            await page.go(f"https://{shared.address}:{shared.port}/phone?lang=zh", 390, 844)
            await page.until("document.getElementById('top').className === 'green'")
            assert await page.ask("door.trust()") is True
            await page.until("document.getElementById('draws').innerText.includes('赵大名')")
            await page.until("document.querySelector('.hold')")
            assert await page.ask("document.getElementById('locked').hidden") is True
            seats = (await host.share()).sharing.seats
            assert [(one.label, one.proved, one.here) for one in seats] == [("<b>小林</b>", True, True)]
            assert (await host.share(ShareRevoke(answer.seat_id))).ok
            await page.until("document.getElementById('door').innerText.includes('主播把这台设备移除了')")
            assert [one for one in page.complaints if "401" not in one and "ERR_CERT" not in one] == []
    await soon(lambda: engine.state()["sharing"]["seats"] == [])
