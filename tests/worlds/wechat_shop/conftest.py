"""A shop with goods in it, a clock that stands, and somebody who asks."""

from __future__ import annotations

import pytest

from tests.worlds.wechat_shop.clients import Asker, HandClock
from tests.worlds.wechat_shop.made_up import shop_with_goods
from tests.worlds.wechat_shop.shop import Shop


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def shop(clock: HandClock) -> Shop:
    return shop_with_goods(clock)


@pytest.fixture
def ask(shop: Shop) -> Asker:
    return Asker(shop)
