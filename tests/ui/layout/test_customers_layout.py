"""客户, laid out: segments, tiers, a member and one who is none, in both languages, small and large."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from tests.ui import customer_rooms
from tests.ui.fake_bus import FakeBus
from tests.ui.layout.resting import all_faults, at_rest
from ui import i18n, theme
from ui.seat.seat import Seat
from ui.windows.customers.window import CustomersWindow

pytestmark = pytest.mark.usefixtures("dressed")


@pytest.fixture
def as_before() -> Iterator[None]:
    yield
    i18n.use("zh")
    theme.apply(QApplication.instance(), "dark")  # type: ignore[arg-type]


@pytest.mark.usefixtures("as_before")
@pytest.mark.parametrize(
    ("language", "look", "scale"), [("zh", "dark", 1.0), ("en", "light", 1.0), ("zh", "high_contrast", 2.0)]
)
async def test_the_window_of_customers_is_whole(
    monkeypatch: pytest.MonkeyPatch, language: str, look: str, scale: float
) -> None:
    i18n.use(language)
    theme.apply(QApplication.instance(), look, text_scale=scale)  # type: ignore[arg-type]

    async def nobody() -> FakeBus:
        raise AssertionError("this seat joins nobody")

    window = CustomersWindow(Seat(nobody), "host")
    monkeypatch.setattr(window.reading, "person", lambda _id: None)
    window.show()
    found: list[str] = []
    for what in ("segments", "tiers", "asked", "nobody"):
        page = customer_rooms.page("seed" if what == "tiers" else "quintiles", 0 if what == "nobody" else 16)
        window.show_page(page, page.rows)
        window.show_worth(customer_rooms.worth(young=what == "nobody"))
        if page.rows:
            member = customer_rooms.profile(member=what == "segments")
            window.person.show_person(page.rows[0].viewer_id, member)
        window.birthdays.show_members(customer_rooms.born_today(4 if what == "segments" else 0))
        if what == "asked":
            window.person.join.click()
            window.person.say("积分不够：只有 3 分，要用 50 分")
        for size in ((1440, 900),) if scale > 1 else ((960, 520), (1440, 900)):
            window.resize(*size)
            await at_rest()
            found += [f"{what} {size} {fault}" for fault in all_faults(window)]
    window.close()
    window.deleteLater()
    assert not found, "\n".join(found)
