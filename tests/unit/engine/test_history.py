"""The list of broadcasts and the report of any of them, read off the writer's thread."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from liveconsole.cli import history as command
from liveconsole.engine import history
from liveconsole.engine.history import PAST_MOST, History, report, summaries
from liveconsole.messages.broadcasts import BroadcastCard, PastBroadcasts, SoldProduct
from liveconsole.messages.envelope import late_for
from liveconsole.messages.inputs import NotTaken
from liveconsole.store import Store, open_store
from liveconsole.store.errors import CannotWrite, StoreBroken
from liveconsole.store.reader import Reader
from liveconsole.store.rows import CardRow, EventRow, Write
from liveconsole.views.report import NoBroadcast, Report, fold, handover_text
from tests.goals import within
from tests.unit.engine.evenings import Evenings


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    found = open_store(tmp_path / "data")
    yield found
    found.close()


@pytest.fixture
def shop(store: Store) -> Evenings:
    """Three broadcasts: two with sales, and late facts, the third open with nothing in it."""
    shop = Evenings(store)
    for number in (1, 2):
        shop.open(f"第 {number} 场")
        shop.sale(f"sale-{number}")
        shop.ok("go.next")
        for n in range(number + 1):
            shop.placed(f"o{number}-{n}", f"sale-{number}")
            shop.paid(f"o{number}-{n}")
            shop.fact("comment.posted", viewer={"id": "v", "name": "小林"}, text="多少钱")
        shop.placed(f"unpaid{number}")
        shop.wait(120)
        shop.close()
        shop.fact("comment.posted", viewer={"id": "v", "name": "小林"}, text="没了？")
        shop.wait(8 * 86_400)
    shop.open("第 3 场")
    shop.fact("order.refunded", order_id="o1-0", refund_fen=900)
    shop.fact("order.closed", order_id="o2-0", reason="退货")
    return shop


def test_every_broadcast_stands_in_the_list_with_what_it_came_to(shop: Evenings) -> None:
    one, two, three = summaries(shop.store, simulated=False)
    assert (one.number, one.title, one.simulated, one.closed_at is not None) == (1, "第 1 场", False, True)
    assert (one.placed, one.paid, one.gmv_fen, one.refund_fen, one.comments) == (3, 2, 19800, 900, 3)
    assert (two.placed, two.paid, two.closed, two.refund_owed_fen) == (4, 2, 1, 9900)
    assert (three.number, three.closed_at, three.comments, three.paid) == (3, None, 0, 0)


def test_what_nobody_told_of_is_not_nought(tmp_path: Path) -> None:
    store = open_store(tmp_path / "manual")
    shop = Evenings(store, platform="manual")
    shop.open()
    shop.close()
    (row,) = summaries(store, simulated=False)
    assert not row.orders_known
    assert {row.placed, row.paid, row.units, row.gmv_fen, row.refund_fen, row.refund_owed_fen} == {None}
    assert row.unmatched == 0
    shop.placed("o1")
    (row,) = summaries(store, simulated=False)
    assert (row.orders_known, row.placed, row.gmv_fen) == (True, 1, 0)
    store.close()


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_report_is_that_of_the_whole_log(
    shop: Evenings, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "_PAGE", 7)
    whole = fold(shop.log(), broadcast=number)
    assert msgspec.json.encode(report(shop.store, number, simulated=False)) == msgspec.json.encode(whole)


def test_a_report_agrees_with_the_books(shop: Evenings) -> None:
    for row in shop.store.broadcasts():
        totals = report(shop.store, row.number, simulated=False).totals
        assert {name: getattr(totals, name) for name in row.sums._fields} == row.sums._asdict()
        assert (totals.comments or 0) == row.comments


def test_the_handover_of_the_second_is_of_the_second(shop: Evenings) -> None:
    """K3.1: it said ¥0."""
    text = handover_text(report(shop.store, 2, simulated=False))
    assert "第 2 场" in text
    assert "¥297" in text
    assert "unpaid2" in text
    assert "o2-0" in text
    assert "unpaid1" not in text


def test_other_evenings_are_not_read(shop: Evenings, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[bytes] = []
    at, pages = shop.store.lines_at, shop.store.read

    def seen(lines: list[bytes]) -> list[bytes]:
        read.extend(lines)
        return lines

    monkeypatch.setattr(shop.store, "lines_at", lambda seqs: seen(at(seqs)))
    monkeypatch.setattr(shop.store, "read", lambda after, limit: seen(pages(after, limit)))
    report(shop.store, 1, simulated=False)
    assert sum(b'"comment.posted"' in line for line in read) == 3
    assert sum(b'"order.paid"' in line for line in read) == 2
    assert sum(b'"order.refunded"' in line for line in read) == 1, "told two broadcasts later, and of it"


def test_a_report_has_a_bound(shop: Evenings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "EVENTS_MOST", 10)
    with pytest.raises(NotTaken, match="report_too_long"):
        report(shop.store, 1, simulated=False)


def test_a_broadcast_that_is_not_there(shop: Evenings) -> None:
    for number in (0, 4):
        with pytest.raises(NoBroadcast):
            report(shop.store, number, simulated=False)


async def test_it_is_read_on_a_thread_of_its_own_and_once(
    shop: Evenings, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[str] = []
    made = history.report

    def watched(*args: object, **more: object) -> object:
        threads.append(threading.current_thread().name)
        return made(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(history, "report", watched)
    years = History(shop.store.open_reader(), simulated=False)
    try:
        bodies = await asyncio.gather(*(years.report(2) for _ in range(5)), years.report(9))
        listed = msgspec.json.decode(await years.broadcasts())
    finally:
        years.close()
    assert bodies[0] is not None
    assert bodies[5] is None
    assert len(set(bodies[:5])) == 1
    assert [name.startswith("history") for name in threads] == [True, True], "one read, one refused"
    assert [row["number"] for row in listed] == [1, 2, 3]
    assert msgspec.json.decode(bodies[0])["totals"]["gmv_fen"] == 29700


def test_the_command_line_lists_them_and_tells_one(
    shop: Evenings, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = shop.store.folder
    assert command.run(["--data", str(folder)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert "第 1 场" in lines[0]
    assert "2 单已付 ¥198" in lines[0]
    assert command.run(["2", "--data", str(folder), "--english"]) == 0
    assert "第 2 场" in capsys.readouterr().out
    assert command.run(["7", "--data", str(folder)]) == 1
    assert command.run(["--json", "--data", str(folder)]) == 0
    assert [row["number"] for row in msgspec.json.decode(capsys.readouterr().out)] == [1, 2, 3]


# Cards over a restart ---------------------------------------------------------------------------------


async def pages_of(years: History, limit: int = 500) -> tuple[PastBroadcasts, int]:
    """The page when every card is read, and how often it was asked for."""
    for asked in range(1, 400):
        page = msgspec.json.decode(await years.past(0, limit), type=PastBroadcasts)
        if not page.reading:
            return page, asked
        await asyncio.sleep(0)
        await years.read_on()
    raise AssertionError("never read")


def years_of(store: Store) -> History:
    async def keep(cards: Sequence[CardRow]) -> None:
        store.keep_cards(cards)

    return History(store.open_reader(), simulated=False, keep=keep)


def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Numbers of the reports that are read from now on."""
    read: list[int] = []
    made = history.report

    def watched(reader: Reader, number: int, **more: Any) -> Report:
        read.append(number)
        return made(reader, number, **more)

    monkeypatch.setattr(history, "report", watched)
    return read


async def test_another_engine_finds_the_cards_that_one_has_read(
    shop: Evenings, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = counted(monkeypatch)
    years = years_of(shop.store)
    first, _ = await pages_of(years)
    await years.rest()
    years.close()
    assert read == [2, 1]
    read.clear()
    again = years_of(shop.store)
    second, asked = await pages_of(again)
    assert (read, asked) == ([], 1), "nothing is read from the log again"
    assert second == first
    assert [row.card is not None for row in second.rows] == [False, True, True]

    shop.fact("order.refunded", order_id="o1-1", refund_fen=700)
    third, _ = await pages_of(again)
    again.close()
    assert read == [1], "what is told late has the card of its own evening read again, and no other"
    (one,) = [row for row in third.rows if row.summary.number == 1]
    assert one.summary.refund_fen == 900 + 700


async def test_the_twin_that_keeps_nothing_reads_all_again(
    shop: Evenings, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = counted(monkeypatch)
    for _ in range(2):
        years = History(shop.store.open_reader(), simulated=False)
        await pages_of(years)
        years.close()
    assert read == [2, 1, 2, 1]


@pytest.mark.parametrize("spoilt", ["body", "version"])
async def test_a_card_of_another_version_or_without_sense_is_read_anew(
    shop: Evenings, monkeypatch: pytest.MonkeyPatch, spoilt: str
) -> None:
    years = years_of(shop.store)
    whole, _ = await pages_of(years)
    await years.rest()
    years.close()
    if spoilt == "body":
        shop.store.keep_cards([card._replace(body=b'{"best":7') for card in shop.store.cards([1, 2])])
    else:
        monkeypatch.setattr(history, "CARD_VERSION", 99)
    read = counted(monkeypatch)
    again = years_of(shop.store)
    page, _ = await pages_of(again)
    again.close()
    assert (read, page) == ([2, 1], whole)


async def test_cards_that_the_disk_refuses_are_shown_all_the_same(
    shop: Evenings, caplog: pytest.LogCaptureFixture
) -> None:
    async def full(cards: Sequence[CardRow]) -> None:
        raise CannotWrite("disk full")

    broken: list[Exception] = []

    async def failed(cards: Sequence[CardRow]) -> None:
        raise StoreBroken("fsync")

    for keep in (full, failed):
        years = History(shop.store.open_reader(), simulated=False, keep=keep, broken=broken.append)
        page, _ = await pages_of(years)
        await years.rest()
        years.close()
        assert [row.card is not None for row in page.rows] == [False, True, True]
    assert "cards of past broadcasts are not kept: disk full" in caplog.text
    assert [str(error) for error in broken] == ["fsync"]


async def test_the_page_of_three_hundred_evenings_is_there_at_once(shop: Evenings) -> None:
    """The books of 300 evenings with forty goods each and late facts, off the disk by a fresh engine."""
    store, (row,) = shop.store, shop.store.broadcasts(before=2)
    years = [row._replace(number=number, title=f"第 {number} 场") for number in range(1, 301)]
    store.fill_books(Write(store.last_seq(), broadcasts=years))
    late = [
        EventRow("order.refunded", row.opened_at, late_for(n), b"{}") for n in range(1, 301) for _ in "ab"
    ]
    store.commit(Write(store.last_seq(), late))
    goods = [f"羊绒混纺双面呢大衣 {n}" for n in range(40)]
    best = [SoldProduct(f"p{n}", title, 9) for n, title in enumerate(goods[:4])]
    card = BroadcastCard(best, goods, list(range(32)), 3_668, row.opened_at, 512_000, 21)
    first = years_of(store)
    marks = first._marks(years)
    store.keep_cards([CardRow(n, mark, msgspec.json.encode(card)) for n, mark in marks.items()])
    first.close()
    took = []
    for _ in range(3):
        fresh = years_of(store)
        began = time.perf_counter()
        body = await fresh.past(0, 500)
        took.append(time.perf_counter() - began)
        fresh.close()
    page = msgspec.json.decode(body, type=PastBroadcasts)
    assert (len(page.rows), page.of, page.reading) == (300, 300, 0)
    assert all(row.card == card for row in page.rows)
    within(min(took), 0.05, took)
    assert len(body) < 1_000_000


async def test_a_page_has_a_bound(shop: Evenings) -> None:
    store, (row,) = shop.store, shop.store.broadcasts(before=2)
    years = [row._replace(number=number) for number in range(1, PAST_MOST + 50)]
    store.fill_books(Write(store.last_seq(), broadcasts=years))
    found = years_of(store)
    page = msgspec.json.decode(await found.past(0, 10_000), type=PastBroadcasts)
    found.close()
    assert len(page.rows) == PAST_MOST
    assert page.rows[0].summary.number == PAST_MOST + 49


async def test_tests_of_an_evening_are_named_in_its_row_alone_whatever_page_is_asked(store: Store) -> None:
    shop = Evenings(store)
    planned: list[tuple[str, ...]] = [("整点福袋", "背景音乐", "整点福袋"), (), ("灯光",)]
    for names in planned:
        shop.open()
        for name in names:
            shop.ok("switchback.plan", name=name, minutes=5, blocks=4)
        shop.close()
        shop.wait(86_400)
    years = History(store.open_reader(), simulated=False)
    try:
        for before, numbers in ((0, [3, 2, 1]), (3, [2, 1]), (2, [1])):
            rows = msgspec.json.decode(await years.past(before, 500), type=PastBroadcasts).rows
            assert {row.summary.number: row.tests for row in rows} == {
                number: [["整点福袋", "背景音乐"], [], ["灯光"]][number - 1] for number in numbers
            }
    finally:
        await years.rest()
        years.close()
