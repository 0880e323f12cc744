"""An order keeps what its goods promised when it was told, whatever the catalogue says of them later."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest

from liveconsole.books import cases
from liveconsole.books.boards.after import after_of
from liveconsole.books.boards.scope import scope_of
from liveconsole.books.reading import BookReader
from liveconsole.domain.aftersale import Figures
from liveconsole.domain.shipping import ShipPromise, own_promise
from liveconsole.engine import after_orders, refill
from liveconsole.messages.cases import CaseCard, CaseClock, CasePage
from liveconsole.store import open_store
from tests.unit.engine.evenings import Evenings

HOUR = 3_600
END_OF_A_DAY: Final = time(16)
"""Of China's, in UTC."""


@pytest.fixture
def evenings(tmp_path: Path) -> Evenings:
    found = Evenings(open_store(tmp_path / "data", room_id="room"))
    promise(found)
    found.open()
    return found


def promise(evenings: Evenings, **more: Any) -> None:
    """What the coat promises from now on; the knit never promises anything."""
    knit = {"product_id": "knit", "title": "羊毛衫", "price_fen": 19900, "stock": 100}
    coat = {"product_id": "coat", "title": "大衣", "price_fen": 99900, "stock": 100}
    evenings.ok("catalogue.put", products=[knit, {**coat, "ship_hours": None, "ships_on": None, **more}])


def sell(evenings: Evenings, order_id: str, *skus: str) -> None:
    lines = [{"sku_id": sku, "quantity": 1, "unit_price_fen": 19900} for sku in skus]
    who = {"id": f"v-{order_id}", "name": "小红"}
    evenings.fact("order.placed", order_id=order_id, buyer=who, lines=lines, total_fen=19900 * len(skus))
    evenings.paid(order_id, 19900 * len(skus))


SOLD: Final[dict[str, tuple[list[str], dict[str, Any], timedelta | datetime]]] = {
    "quick": (["coat"], {"ship_hours": 24}, timedelta(hours=24)),
    "slow": (["coat"], {"ship_hours": 240}, timedelta(hours=240)),
    "presale": (["coat"], {"ships_on": "2026-09-20"}, datetime(2026, 9, 20, 16, tzinfo=UTC)),
    "passed": (["coat"], {"ships_on": "2026-05-20"}, timedelta(hours=72)),
    "passed, with hours": (["coat"], {"ships_on": "2026-05-20", "ship_hours": 9}, timedelta(hours=9)),
    "of two": (["coat", "knit"], {"ship_hours": 240}, timedelta(hours=72)),
    "of two, soon": (["coat", "knit"], {"ship_hours": 30}, timedelta(hours=30)),
    "nobody knows it": (["nobody's"], {"ship_hours": 1}, timedelta(hours=72)),
}
"""Order → its goods, what the coat promised when it was told, and how long from payment it may take, or
until when."""


def sold(evenings: Evenings) -> None:
    """Each of `SOLD`, all paid at the same moment, and a coat that promises something else since."""
    for order_id, (skus, promised, _) in SOLD.items():
        promise(evenings, **promised)
        sell(evenings, order_id, *skus)
    promise(evenings, ship_hours=2)


def span(clock: CaseClock) -> timedelta | datetime:
    ends_a_day = clock.due_at.time() == END_OF_A_DAY
    return clock.due_at if ends_a_day else clock.due_at - clock.begins_at


def lasts(evenings: Evenings) -> dict[str, timedelta | datetime]:
    """How long each order may take, by its card."""
    found = {}
    with closing(reading(evenings)) as reader:
        for order_id in SOLD:
            card = msgspec.json.decode(cases.answer(reader, {"case": f"order/{order_id}"}), type=CaseCard)
            (clock,) = card.clocks
            found[order_id] = span(clock)
    return found


def reading(evenings: Evenings) -> BookReader:
    return BookReader(evenings.store.beside(), simulated=False, now=lambda: evenings.now)


def waiting(evenings: Evenings) -> dict[str, timedelta | datetime]:
    """The same by the list of what has to be sent."""
    with closing(reading(evenings)) as reader:
        page = msgspec.json.decode(cases.answer(reader, {"group": "to_ship"}), type=CasePage)
    clocks = {row.order_id: row.clock for row in page.rows}
    return {id_: span(clock) for id_, clock in clocks.items() if clock is not None}


def test_an_order_keeps_what_it_was_promised_and_again_after_a_refill(evenings: Evenings) -> None:
    sold(evenings)
    wanted = {order_id: span for order_id, (_, _, span) in SOLD.items()}
    assert lasts(evenings) == wanted
    sell(evenings, "sent", "knit")
    evenings.fact("order.shipment", order_id="sent", status="shipped")
    assert waiting(evenings) == wanted
    evenings.restart()
    refill.refill(evenings.store)
    assert lasts(evenings) == waiting(evenings) == wanted


def test_the_twin_that_asks_the_catalogue_of_later_breaks_them(
    evenings: Evenings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(after_orders, "own_promise", lambda product: ShipPromise(2))
    sold(evenings)
    assert lasts(evenings)["slow"] == timedelta(hours=2)


def test_it_is_promised_when_it_is_told_and_counts_from_its_payment(evenings: Evenings) -> None:
    """Told twice, paid late, paid before it was told: the first word of its goods stands."""
    promise(evenings, ship_hours=48)
    placed = {"buyer": {"id": "v", "name": "小红"}, "total_fen": 19900}
    lines = [{"sku_id": "coat", "quantity": 1, "unit_price_fen": 19900}]
    evenings.fact("order.placed", order_id="quick", lines=lines, **placed)
    evenings.fact("order.paid", order_id="slow", paid_fen=19900)
    promise(evenings, ship_hours=5)
    evenings.fact("order.placed", order_id="quick", lines=lines, **placed, scene="share")
    evenings.fact("order.placed", order_id="slow", lines=lines, **placed)
    evenings.wait(7 * HOUR)
    evenings.paid("quick", 19900)
    with evenings.store._file.reading() as c:
        rows = c.exec_driver_sql("SELECT order_id, ship_own - paid_at, ship_usual FROM order_row")
        assert sorted(map(tuple, rows)) == [
            ("quick", 48 * HOUR * 1_000_000, 0),
            ("slow", 5 * HOUR * 1_000_000, 0),
        ]


def test_what_is_presold_for_months_waits_until_its_day(evenings: Evenings) -> None:
    """Ninety days after it was placed it is still owed, and due by nothing else."""
    sold(evenings)
    sell(evenings, "sent", "knit")
    evenings.fact("order.shipment", order_id="sent", status="shipped")
    evenings.wait(90 * 24 * HOUR)
    assert set(waiting(evenings)) == {"presale"}
    evenings.fact("order.shipment", order_id="presale", status="shipped")
    assert waiting(evenings) == {}
    with closing(reading(evenings)) as reader:
        rate = after_of(reader, scope_of(reader, {"from": "2026-06-01"}), Figures()).rates["shipped_in_time"]
    assert (rate.part, rate.whole) == (2, len(SOLD) + 1), "the others are late"


def test_what_was_due_before_any_parcel_was_told_of_is_not_late(evenings: Evenings) -> None:
    """A shop whose parcels are told of since yesterday: of the weeks before nobody knows anything."""
    sell(evenings, "long ago", "knit")
    promise(evenings, ship_hours=20 * 24)
    sell(evenings, "promised for later", "coat")
    evenings.wait(10 * 24 * HOUR)
    sell(evenings, "sent", "knit")
    evenings.fact("order.shipment", order_id="sent", status="shipped")

    def rate(day: str) -> tuple[int, int, str]:
        with closing(reading(evenings)) as reader:
            scope = scope_of(reader, {"from": day, "to": day})
            found = after_of(reader, scope, Figures()).rates["shipped_in_time"]
        return found.part, found.whole, found.why

    assert rate("2026-06-01") == (0, 0, "no_shipments")
    assert rate("2026-06-11")[:2] == (1, 1)
    evenings.wait(15 * 24 * HOUR)
    assert rate("2026-06-01")[:2] == (0, 1), "what was promised for later is late by now"


@pytest.mark.parametrize("sent", [{}, {"ship_hours": "soon"}, {"ship_hours": True}, {"ships_on": "soon"},
                                  {"ship_hours": 0}, {"ship_hours": 10**30}, {"ships_on": 20},
                                  {"ship_hours": None}])  # fmt: skip
def test_what_is_no_promise_is_none(sent: dict[str, Any]) -> None:
    """A log from before there were promises may have anything under their names."""
    assert own_promise(sent) == ShipPromise()
