"""What is done about each refusal, how the calls are kept within their bounds, and who holds the token."""

from __future__ import annotations

import asyncio
import traceback
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from liveconsole.connectors.wechat_shop.api import ShopApi
from liveconsole.connectors.wechat_shop.budget import A_MINUTE, CAREFUL_A_MINUTE, Budget
from liveconsole.connectors.wechat_shop.errors import ShopError, error_of
from liveconsole.connectors.wechat_shop.token import TokenHolder
from liveconsole.messages.connection_words import connection_words
from liveconsole.messages.connection_words.shop import WORDS
from tests.worlds.wechat_shop.made_up import shop_with_goods
from tests.worlds.wechat_shop.server import ShopServer
from tests.worlds.wechat_shop.shop import SHOP

NOW = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
LIST, GET = "/channels/ec/order/list/get", "/channels/ec/order/get"


@pytest.mark.parametrize(
    ("code", "action"),
    [
        (-1, "again"),
        (40001, "renew"),
        (42001, "renew"),
        (41001, "renew"),
        (40014, "renew"),
        (47001, "bug"),
        (40066, "bug"),
        (40013, "stop"),
        (40125, "stop"),
        (45009, "tomorrow"),
        (45011, "slow"),
        (45035, "add_ip"),
        (61004, "add_ip"),
        (40164, "add_ip"),
        (48001, "part_off"),
        (48004, "part_off"),
        (50001, "part_off"),
        (10080000, "stop"),
        (10080001, "stop"),
        (10080002, "stop"),
        (10020049, "refused"),
        (99999999, "refused"),
    ],
)
def test_a_code_is_an_action_and_a_sentence(code: int, action: str) -> None:
    why = error_of(code, "said rid: 1a2b-3c4d-5e6f", LIST)
    assert why.action == action
    assert why.params["rid"] == "1a2b-3c4d-5e6f"
    for english in (False, True):
        told = connection_words("shop", why.word, {"ip": "1.2.3.4", **why.params}, english=english)
        assert why.word in WORDS
        assert told
        assert "—" not in told


@pytest.mark.parametrize(
    ("errmsg", "ip"),
    [
        ("access clientip is not registered requestIP: 203.0.113.7 rid: 00000001-10.0.0.1-0", "203.0.113.7"),
        ("invalid ip 203.0.113.8 ipv6 ::ffff:203.0.113.8, not in whitelist rid: 65", "203.0.113.8"),
        ("invalid ip 2001:db8:0:1::5, not in whitelist rid: 65aa", "2001:db8:0:1::5"),
        ("access clientip is not registered", None),
    ],
)
def test_the_address_to_let_in_is_read_out_of_the_refusal(errmsg: str, ip: str | None) -> None:
    why = error_of(61004, errmsg, LIST)
    assert why.params.get("ip") == ip


def test_a_minute_has_its_bound_and_other_paths_their_own() -> None:
    budget = Budget()
    for n in range(A_MINUTE):
        assert budget.pause(GET, NOW + timedelta(milliseconds=n)) == 0
        budget.spent(GET, NOW + timedelta(milliseconds=n))
    assert budget.pause(GET, NOW + timedelta(seconds=10)) == pytest.approx(50)
    assert budget.pause(LIST, NOW + timedelta(seconds=10)) == 0
    assert budget.calls_minute(NOW + timedelta(seconds=10)) == A_MINUTE
    assert budget.calls_minute(NOW + timedelta(seconds=70)) == 0


def test_too_often_waits_a_minute_and_is_slower_from_then_on() -> None:
    budget = Budget()
    for n in range(100):
        budget.spent(GET, NOW + timedelta(milliseconds=n))
    budget.refused(GET, "slow", NOW + timedelta(seconds=1))
    assert budget.pause(GET, NOW + timedelta(seconds=2)) == pytest.approx(59)
    later = NOW + timedelta(seconds=61)
    for n in range(90):
        assert budget.pause(GET, later + timedelta(milliseconds=n)) == 0
        budget.spent(GET, later + timedelta(milliseconds=n))
    assert budget.pause(GET, later + timedelta(seconds=1)) > 50


def test_the_day_used_up_ends_at_midnight_in_china() -> None:
    budget = Budget()
    budget.learned(GET, {"quota": {"daily_limit": 1000, "used": 999, "remain": 1}}, NOW)
    budget.spent(GET, NOW)
    budget.refused(GET, "tomorrow", NOW)
    assert budget.quota_left() == 0
    assert budget.used_up(GET, NOW)
    assert not budget.used_up(LIST, NOW)
    assert budget.pause(GET, NOW) == pytest.approx(4 * 3600 + 30)  # 20:00 in China
    assert budget.pause(GET, NOW + timedelta(hours=5)) == 0
    budget.refused(GET, "tomorrow", NOW)
    budget.forgive()
    assert budget.pause(GET, NOW) == 0


def test_what_the_platform_says_of_a_minute_counts() -> None:
    budget = Budget()
    budget.learned(GET, {"rate_limit": {"call_count": 100, "refresh_second": 60}}, NOW)
    for _ in range(90):
        assert budget.pause(GET, NOW) == 0
        budget.spent(GET, NOW)
    assert budget.pause(GET, NOW) == 60
    budget.learned(GET, {"rate_limit": {"call_count": 0, "refresh_second": 60}, "quota": None}, NOW)
    assert budget.pause(GET, NOW) == 60, "nothing new is said"


def test_a_path_is_asked_seldom_until_the_platform_has_said_of_it() -> None:
    budget = Budget()
    budget.careful(GET, NOW)
    for _ in range(CAREFUL_A_MINUTE):
        assert budget.pause(GET, NOW) == 0
        budget.spent(GET, NOW)
    before = budget.unsaid
    assert budget.pause(GET, NOW) == 60
    budget.learned(GET, {}, NOW)
    assert (before, budget.unsaid) == (True, False)
    assert budget.pause(GET, NOW) == 0, "it will not say: the bound of our own holds"


def test_another_day_has_calls_of_its_own() -> None:
    """What was left yesterday says nothing of today: nothing is slower for it."""
    budget = Budget()
    budget.learned(GET, {"quota": {"daily_limit": 1000, "used": 999, "remain": 1}}, NOW)
    budget.spent(GET, NOW)
    tomorrow = NOW + timedelta(hours=5)
    budget.spent(GET, tomorrow)
    assert budget.pause(GET, tomorrow) == 0
    assert budget.quota_left() is None, "nobody has said"


def test_what_is_left_of_a_day_is_spread_before_it_is_gone() -> None:
    budget = Budget()
    budget.learned(GET, {"quota": {"daily_limit": 1000, "used": 899, "remain": 101}}, NOW)
    budget.spent(GET, NOW)
    asked, at = 0, NOW
    while at < NOW + timedelta(hours=4):
        at += timedelta(seconds=max(budget.pause(GET, at), 0.01))
        budget.spent(GET, at)
        asked += 1
    assert 80 < asked <= 110, "what was left lasts until midnight"


class Platform:
    """Gives tokens; ``given`` are those that it gave, with force or without."""

    def __init__(self) -> None:
        self.given: list[bool] = []
        self.names = ["a"]
        self.expires_in = 7200

    async def __call__(self, force: bool) -> dict[str, Any]:
        await asyncio.sleep(0)
        self.given.append(force)
        if force:
            self.names.append(f"forced{len(self.given)}")
        return {"access_token": self.names[-1], "expires_in": self.expires_in}


def holder(platform: Platform) -> tuple[TokenHolder, list[datetime]]:
    clock = [NOW]
    return TokenHolder(platform, lambda: clock[0]), clock


def test_many_ask_for_the_token_and_the_platform_once() -> None:
    platform = Platform()
    tokens, clock = holder(platform)

    async def many() -> list[str]:
        return await asyncio.gather(*(tokens.get() for _ in range(20)))

    async def evening() -> None:
        assert set(await many()) == {"a"}
        clock[0] += timedelta(seconds=6900)
        await many()
        assert platform.given == [False]
        clock[0] += timedelta(seconds=150)  # within the last five minutes there is a new one
        platform.names.append("b")
        assert set(await many()) == {"b"}
        assert platform.given == [False, False]

    asyncio.run(evening())


def test_a_refused_token_is_asked_for_once_by_all_who_had_it() -> None:
    platform = Platform()
    tokens, _ = holder(platform)

    async def evening() -> None:
        await tokens.get()
        platform.names.append("b")
        assert set(await asyncio.gather(*(tokens.renewed("a") for _ in range(20)))) == {"b"}
        assert platform.given == [False, False]

    asyncio.run(evening())


def test_a_new_token_is_forced_seldom() -> None:
    platform = Platform()
    tokens, clock = holder(platform)

    async def evening() -> None:
        refused = await tokens.get()
        for _ in range(50):
            refused = await tokens.renewed(refused)
            clock[0] += timedelta(seconds=60)
        assert platform.given.count(True) == 1
        clock[0] += timedelta(hours=2)
        await tokens.renewed(refused)
        assert platform.given.count(True) == 2

    asyncio.run(evening())


def test_a_token_that_cannot_be_read_is_no_token() -> None:
    async def broken(force: bool) -> dict[str, Any]:
        return {"access_token": "", "expires_in": 7200}

    async def ask() -> None:
        with pytest.raises(ShopError) as why:
            await TokenHolder(broken, lambda: NOW).get()
        assert why.value.action == "again"

    asyncio.run(ask())


@pytest.mark.parametrize("base", ["http://shop.example", "ftp://127.0.0.9", "api.weixin.qq.com"])
def test_a_secret_goes_over_no_plain_line(base: str) -> None:
    async def ask() -> None:
        async with aiohttp.ClientSession() as session:
            with pytest.raises(ShopError) as why:
                await ShopApi(base, "wx1", "s3cret", session, lambda: NOW).call(LIST, {})
        assert (why.value.word, why.value.action) == ("plain_address", "stop")

    asyncio.run(ask())


@pytest.mark.parametrize("fault", ["reset_after", "half", "gateway", "hang_after", "40001", "48001"])
def test_what_went_wrong_tells_no_secret(fault: str) -> None:
    """Not even where a bug would print all that led to it."""

    async def ask() -> str:
        shop = shop_with_goods(lambda: 1_780_000_000.0)
        async with ShopServer(shop, hang=0.2) as server, aiohttp.ClientSession() as session:
            api = ShopApi(
                server.url, SHOP.appid, SHOP.secret, session, lambda: NOW, _at_once, answer_seconds=0.1
            )
            await api.call(LIST, BODY)
            server.faults.next("/channels", fault, 9)
            try:
                await api.read(LIST, BODY, tries=2)
            except ShopError as why:
                return "".join(traceback.format_exception(why)) + repr(why.params) + why.errmsg
        raise AssertionError("it went well")

    said = asyncio.run(ask())
    assert SHOP.secret not in said
    assert "access_token" not in said.replace("access_token is invalid", "")


async def _at_once(seconds: float) -> None:
    """No test waits."""


BODY: dict[str, Any] = {"update_time_range": {"start_time": 1, "end_time": 2}, "page_size": 10}
