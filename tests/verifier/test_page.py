"""The page of ``receipt --html`` in a real Chromium: it finds what ``verify-draw`` finds, and asks nobody."""

from __future__ import annotations

import copy
import hashlib
import importlib.util
import json
import random
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from liveconsole import verify_draw
from liveconsole.domain import draw
from liveconsole.reports.receipt_page import receipt_page
from liveconsole.respath import resources
from tests.drand_chain import OwnChain
from tests.overlay.chromium import Page, browser, needs_chromium
from tests.unit.test_verify_draw import drawn

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(120),
    needs_chromium,
]

Json = dict[str, Any]
CHAIN = OwnChain("page", genesis=1_692_803_367, period=3)
DONE = "typeof checked !== 'undefined' && checked !== null"
VERDICTS = {True: "valid", False: "invalid", None: "unchecked"}


@pytest.fixture
async def page(tmp_path: Path) -> AsyncIterator[Page]:
    async with browser(tmp_path / "profile") as opened:
        yield opened


async def opened(page: Page, folder: Path, receipt: Json) -> None:
    file = folder / "receipt.html"
    file.write_bytes(receipt_page(receipt))
    await page.go(file.as_uri(), 900, 1400)
    await page.until(DONE)
    await page.ask("document.querySelector('[data-language=zh]').click(); 1")


async def verdict(page: Page, receipt: Any, *infos: Json) -> Json:
    """What an open page says of another receipt, in its own words."""
    given = f"infos = {json.dumps(infos)}; await take({json.dumps(receipt)});"
    told = await page.ask(f"(async () => {{ {given} return checked; }})()")
    return dict(told)


def independent(receipt: Json, *infos: Json) -> tuple[str, list[tuple[bool | None, str]]]:
    """The verdict of ``verify-draw``, and each of its checks."""
    found: list[tuple[bool | None, str]] = []
    try:
        for holds, _, english in verify_draw.check_receipt(receipt, infos):
            found.append((holds, english))
        if "code" in receipt:
            found.append((verify_draw.receipt_code(receipt) == receipt["code"], ""))
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        found.append((False, "broken"))
    said = [holds for holds, _ in found]
    return VERDICTS[False if False in said else None if None in said else True], found


def receipt_of(entrants: int, chance: random.Random, *, drand: bool = False) -> Json:
    """A receipt as the engine makes it, of entrants that are made up."""
    winners, more = chance.randint(1, 5), chance.randint(0, 5)
    draw_id, salt = draw.uuid_shaped(chance.randbytes(16)), chance.randbytes(16).hex()
    ids = sorted(draw.entry_id(draw_id, salt, f"p{i:020x}") for i in range(entrants))
    entries = [(uuid, 1) for uuid in ids]
    value, commit = chance.randbytes(32), draw.commitment(chance.randbytes(32))
    if drand:
        number = chance.randint(1, 10**9)
        signature = CHAIN.sign(number)
        value = hashlib.sha256(signature).digest()
        promised: Json = {"source": "drand", "commit": commit, "chain": CHAIN.hash, "round": number}
        told = promised | {"value": value.hex(), "signature": signature.hex()}
        promised |= {"fallback": "local", "wait_seconds": 30}
    else:
        promised = {"source": "local", "commit": draw.commitment(value)}
        told = promised | {"value": value.hex()}
    rules: Json = {
        "v": 1, "algorithm": "fair_pick", "draw_id": draw_id, "cue_id": "bag", "salt": salt,
        "winners": winners, "alternates": more, "excluded": [],
        "entry": {"weight": 1, "keyword": "福到了😀", "match": "exact"},
        "prize": {"name": "<b>保温杯</b>\u2028\"", "value_fen": 9900},
        "claim": {"followed": False, "seconds": 600},
        "seconds": 60, "randomness": promised,
    }  # fmt: skip
    root = draw.entry_hash(draw_id, entries)
    seed = draw.compute_seed(root, value)
    picked = draw.fair_pick(entries, seed, winners + more)
    receipt: Json = {
        "v": 1, "algorithm": "fair_pick", "draw_id": draw_id, "rules": rules,
        "rules_sha256": draw.rules_hash(rules), "entries": [{"id": uuid, "weight": 1} for uuid in ids],
        "root": root, "randomness": told, "seed": seed.hex(), "winners": picked[:winners],
        "alternates": picked[winners:],
    }  # fmt: skip
    return receipt | {"code": draw.receipt_code(receipt)}


async def test_a_receipt_opened_from_a_file_is_valid_and_asks_nobody(page: Page, tmp_path: Path) -> None:
    receipt = receipt_of(40, random.Random(1))
    await opened(page, tmp_path, receipt)
    told = await page.ask("checked")
    assert told["verdict"] == "valid"
    assert told["codes"]["receipt"] == receipt["code"] == verify_draw.receipt_code(receipt)
    assert told["codes"]["promise"] == verify_draw.promise_code(receipt["rules_sha256"])
    text = await page.ask("document.body.innerText")
    assert "有效" in text
    assert "<b>保温杯</b>" in text  # as letters
    assert all(winner in text for winner in receipt["winners"])
    assert page.asked == [(tmp_path / "receipt.html").as_uri()]
    assert page.complaints == []
    await page.ask("document.querySelector('[data-language=en]').click(); 1")
    assert "Valid: the result follows" in await page.ask("document.body.innerText")


async def test_its_policy_lets_nothing_in_and_nothing_out(page: Page, tmp_path: Path) -> None:
    """The twin of asking nobody: what tries is refused, and that is seen here."""
    await opened(page, tmp_path, receipt_of(3, random.Random(2)))
    assert await page.ask("fetch('http://127.0.0.1:9/').then(() => 'out', () => 'refused')") == "refused"
    await page.ask(
        "document.body.append(Object.assign(document.createElement('script'), {text: 'window.in = 1'})); 1"
    )
    assert await page.ask("window.in === undefined")
    await page.until("true")
    assert any(
        "Content Security Policy" in told or "contentSecurityPolicy" in told for told in page.complaints
    )


def _flip(receipt: Json) -> None:
    receipt["winners"].reverse()


CHANGES: list[Callable[[Json], object]] = [
    lambda r: None,
    _flip,
    lambda r: r["winners"].pop(),
    lambda r: r["entries"].pop(),
    lambda r: r["entries"].append(r["entries"][0]),
    lambda r: r["entries"][0].update(weight=2),
    lambda r: r.update(seed="00" * 32),
    lambda r: r.update(root="00" * 32),
    lambda r: r.update(rules_sha256="00" * 32),
    lambda r: r.update(code="0000-0000"),
    lambda r: r.update(v=2),
    lambda r: r.update(winners="x"),
    lambda r: r.pop("randomness"),
    lambda r: r["randomness"].update(value="zz"),
    lambda r: r["randomness"].update(value="ab" * 32),
    lambda r: r["randomness"].update(commit="00" * 32),
    lambda r: r["randomness"].update(source="local"),
    lambda r: r["randomness"].update(source="drand"),
    lambda r: r["rules"].pop("randomness"),
    lambda r: r["rules"].pop("alternates"),
    lambda r: r["rules"].pop("excluded"),
    lambda r: r["rules"]["prize"].update(name="苹果"),
    lambda r: r["rules"]["randomness"].update(round=7),
    lambda r: r["rules"]["randomness"].pop("commit"),
    lambda r: r["rules"].update(winners=True),
    lambda r: r["rules"].update(excluded=[r["winners"][0]]),
]


async def test_it_says_of_every_receipt_what_verify_draw_says(page: Page, tmp_path: Path) -> None:
    """Some 200 receipts, most of them forged in one place; the checks fail at the same one."""
    chance = random.Random(11)
    await opened(page, tmp_path, receipt_of(3, chance))
    seen: set[str] = set()
    for number, change in enumerate(CHANGES * 8):
        receipt = receipt_of(chance.choice([0, 1, 2, 7, 60]) or 3, chance, drand=number % 2 == 0)
        if not receipt["entries"]:
            continue
        change(receipt)
        infos = [CHAIN.info] if chance.random() < 0.8 else []
        wanted, found = independent(copy.deepcopy(receipt), *infos)
        told = await verdict(page, receipt, *infos)
        assert told["verdict"] == wanted, (number, told, found)
        if not told["checks"][-1]["en"].startswith("a field") and found[-1][1] != "broken":
            said = [one["holds"] for one in told["checks"]]
            assert said == [holds for holds, _ in found], (number, told, found)
        seen.add(wanted)
    assert seen == {"valid", "invalid", "unchecked"}


def is_round(number: int, signature: str) -> str:
    """What asks the page whether that is a round of the public chain."""
    return f"chainOf(PUBLIC_INFO).then(([, key]) => isRound(key, {number}, bytesOf('{signature}')))"


async def test_published_vectors_hold_in_the_browser_too(page: Page, tmp_path: Path, shared: Path) -> None:
    await opened(page, tmp_path, receipt_of(3, random.Random(3)))
    folder = shared / "data"
    for vector in json.loads((folder / "draw_vectors_wallop/entry-hash.json").read_text("utf-8"))["vectors"]:
        entries = [[entry["uuid"], entry["weight"]] for entry in vector["entries"]]
        said = f"rootOf({json.dumps(vector['draw_id'])}, sorted({json.dumps(entries)}))"
        assert await page.ask(said) == vector["expected_hash"], vector["name"]
    for vector in json.loads((folder / "draw_vectors_wallop/compute-seed.json").read_text("utf-8"))[
        "vectors"
    ]:
        if not vector["weather_value"]:
            said = f"seedOf({json.dumps(vector['entry_hash'])}, {json.dumps(vector['drand_randomness'])})"
            assert await page.ask(said) == vector["expected_seed_hex"]
    quicknet = json.loads((folder / "draw_vectors_misc/drand.json").read_text("utf-8"))["quicknet"]
    assert await page.ask("chainOf(PUBLIC_INFO).then(([hash]) => hash)") == quicknet["chain_hash"]
    for beacon in quicknet["beacons"]:
        for number, holds in ((beacon["round"], True), (beacon["round"] + 1, False)):
            assert await page.ask(is_round(number, beacon["signature"])) is holds


@pytest.mark.parametrize("signature", ["", "00" * 48, "c0" + "00" * 47, "80" + "00" * 46 + "04", "ff" * 48])
async def test_what_is_no_signature_is_refused(page: Page, tmp_path: Path, signature: str) -> None:
    await opened(page, tmp_path, receipt_of(3, random.Random(4)))
    assert await page.ask(is_round(657413, signature)) is False


async def test_a_viewer_finds_himself_and_compares_what_he_saw(page: Page, tmp_path: Path) -> None:
    receipt = receipt_of(30, random.Random(5))
    await opened(page, tmp_path, receipt)

    async def typed(field: str, text: str) -> str:
        await page.ask(
            f"(() => {{ const node = at('{field}'); node.value = {json.dumps(text)};"
            " node.dispatchEvent(new Event('input')); return 1; })()"
        )
        await page.until(f"at('{field}-said').textContent !== ''")
        return str(await page.ask(f"at('{field}-said').textContent"))

    ids = [entry["id"] for entry in receipt["entries"]]
    first = receipt["winners"][0]
    assert await typed("mine", first) == f"第 {ids.index(first) + 1} 号参与者：中奖（第 1 个）"
    mine = draw.entry_id(receipt["draw_id"], receipt["rules"]["salt"], f"p{3:020x}")
    assert f"第 {ids.index(mine) + 1} 号参与者" in await typed("mine", f"p{3:020x}")
    assert "没有这个编号" in await typed("mine", "p" + "f" * 20)
    assert "收据码" in await typed("shown", receipt["code"].lower().replace("-", " "))
    assert "完整承诺" in await typed("shown", "LIVECONSOLE-DRAW " + receipt["rules_sha256"].upper())
    assert "不一样" in await typed("shown", "0000-0000")


async def test_another_receipt_chosen_from_a_file_takes_its_place(page: Page, tmp_path: Path) -> None:
    await opened(page, tmp_path, receipt_of(3, random.Random(6)))
    other, _ = drawn()
    told = await verdict(page, {"type": "cue.drawn", "data": {"receipt": other}})
    assert told["verdict"] == "valid"
    many: tuple[Any, ...] = (None, 7, "x", [], {}, {"rules": 1})
    for nonsense in many:
        assert (await verdict(page, nonsense))["verdict"] == "invalid"
    assert (await verdict(page, {"count": 30_000, "rules": {}}))["verdict"] == "unchecked"


async def test_a_hundred_thousand_entrants_do_not_freeze_the_page(page: Page, tmp_path: Path) -> None:
    receipt = receipt_of(100_000, random.Random(8))
    file = tmp_path / "receipt.html"
    file.write_bytes(receipt_page(receipt))
    await page.go(file.as_uri(), 900, 1400)
    await page.until("typeof checked !== 'undefined'", 60)
    await page.ask(
        "(() => { window.longest = 0; let last = performance.now();"
        " setInterval(() => { const now = performance.now();"
        " longest = Math.max(longest, now - last); last = now; }, 10);"
        " return take(receipt).then(() => 1); })()"
    )
    await page.until(DONE, 60)
    assert await page.ask("checked.verdict") == "valid"
    assert await page.ask("document.querySelectorAll('li').length") < 2_000
    assert await page.ask("longest") < 1_500


def test_the_library_in_it_is_the_one_that_its_maker_names() -> None:
    folder = resources() / "verifier"
    spec = importlib.util.spec_from_file_location("verifier_make", folder / "make.py")
    assert spec is not None
    assert spec.loader is not None
    make = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(make)
    assert hashlib.sha256((folder / "bls.js").read_bytes()).hexdigest() == make.SHA256
