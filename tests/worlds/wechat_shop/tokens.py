"""Who may call: access tokens, the addresses they may come from, and what is left of the quotas."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tests.worlds.wechat_shop.clock import ShopClock
from tests.worlds.wechat_shop.wire import Answerer, Body, Refused, Reply, ident

LIFE: Final = 7200
OVERLAP: Final = 300
"""A token is renewed so long before it ends, and the old one is good until then."""

_FORCED_A_DAY: Final = 20
_FORCED_APART: Final = 30
_ASKED_A_MINUTE: Final = 10_000
_CLEARS_A_DAY: Final = 50


@dataclass(frozen=True, slots=True)
class Account:
    """A shop or its 视频号助手; every endpoint is of one of them."""

    appid: str
    secret: str
    owner: str


@dataclass(slots=True)
class _Token:
    text: str
    owner: str
    ends: int
    taken_back: bool = False


@dataclass(slots=True)
class Quota:
    """How often an endpoint may be called."""

    a_day: int = 1_000_000
    a_minute: int = 10_000


@dataclass(slots=True)
class Tokens:
    clock: ShopClock
    accounts: Mapping[str, Account]
    """By appid."""
    quotas: dict[str, Quota] = field(default_factory=dict)
    """By path; where there is none the default stands."""
    default: Quota = field(default_factory=Quota)
    addresses: set[str] | None = None
    """Who is on the IP whitelist; None: everybody."""
    asked: list[tuple[int, str, bool]] = field(default_factory=list)
    """Every stable_token call: when, which appid, forced or not."""
    _tokens: dict[str, _Token] = field(default_factory=dict)
    _latest: dict[str, _Token] = field(default_factory=dict)
    _by_day: Counter[tuple[str, str, int]] = field(default_factory=Counter)
    _by_minute: Counter[tuple[str, str, int]] = field(default_factory=Counter)
    _clears: Counter[tuple[str, int]] = field(default_factory=Counter)

    def endpoints(self) -> dict[str, Answerer]:
        return {"/cgi-bin/stable_token": self.stable_token}

    def stable_token(self, body: Body) -> Reply:
        if body.get("grant_type") != "client_credential":
            raise Refused(40002, "invalid grant_type")
        appid = ident(body, "appid", 41002)
        account = self.accounts.get(appid)
        if account is None:
            raise Refused(40013, "invalid appid")
        if body.get("secret") != account.secret:
            raise Refused(40125, "invalid appsecret")
        forced = body.get("force_refresh", False) is True
        now = self.clock.now()
        self._may_ask(appid, forced, now)
        self.asked.append((now, appid, forced))
        token = self._latest.get(appid)
        if forced and token is not None:
            token.taken_back = True
        if forced or token is None or token.taken_back or now >= token.ends - OVERLAP:
            token = _Token(f"{len(self._tokens):04d}_{appid}_{'A' * 120}", account.owner, now + LIFE)
            self._tokens[token.text] = self._latest[appid] = token
        return {"access_token": token.text, "expires_in": token.ends - now}

    def _may_ask(self, appid: str, forced: bool, now: int) -> None:
        day = self.clock.day()
        key = (appid, "stable_token", now // 60)
        self._by_minute[key] += 1
        if self._by_minute[key] > _ASKED_A_MINUTE:
            raise Refused(45011, "api minute-quota reach limit")
        if not forced:
            return
        last = max((at for at, of, was in self.asked if was and of == appid), default=None)
        if last is not None and now - last < _FORCED_APART:
            raise Refused(45011, "api minute-quota reach limit")
        self._by_day[appid, "forced", day] += 1
        if self._by_day[appid, "forced", day] > _FORCED_A_DAY:
            raise Refused(45009, "reach max api daily quota limit")

    def owner(self, text: str) -> str:
        """Whose token this is, if it is good."""
        if not text:
            raise Refused(41001, "access_token missing")
        token = self._tokens.get(text)
        if token is None or token.taken_back:
            raise Refused(40001, "invalid credential, access_token is invalid or not latest")
        if self.clock.now() >= token.ends:
            raise Refused(42001, "access_token expired")
        return token.owner

    def take_back(self) -> None:
        """All tokens that are out there are good no longer: somebody else forced new ones."""
        for token in self._tokens.values():
            token.taken_back = True

    def admit(self, address: str) -> None:
        if self.addresses is not None and address not in self.addresses:
            raise Refused(61004, f"access clientip is not registered requestIP: {address}")

    def count(self, owner: str, path: str) -> None:
        """One call more."""
        quota = self.quotas.get(path, self.default)
        day, minute = (owner, path, self.clock.day()), (owner, path, self.clock.now() // 60)
        if self._by_day[day] >= quota.a_day:
            raise Refused(45009, "reach max api daily quota limit")
        self._by_minute[minute] += 1
        if self._by_minute[minute] > quota.a_minute:
            raise Refused(45011, "api minute-quota reach limit must slower retry next minute")
        self._by_day[day] += 1

    def quota_get(self, owner: str, body: Body, known: bool) -> Reply:
        path = ident(body, "cgi_path", 40066)
        if not known:
            raise Refused(76021, "cgi_path not found")
        quota = self.quotas.get(path, self.default)
        used = self._by_day[owner, path, self.clock.day()]
        left = quota.a_day - used
        return {
            "quota": {"daily_limit": quota.a_day, "used": used, "remain": left},
            "rate_limit": {"call_count": quota.a_minute, "refresh_second": 60},
        }

    def quota_clear(self, owner: str, body: Body) -> Reply:
        day = self.clock.day()
        self._clears[owner, day] += 1
        if self._clears[owner, day] > _CLEARS_A_DAY:
            raise Refused(48006, "forbid to clear quota because of reaching the limit")
        path = ident(body, "cgi_path", 40066) if "cgi_path" in body else None
        for key in [
            key for key in self._by_day if key[0] == owner and path in (None, key[1]) and key[2] == day
        ]:
            del self._by_day[key]
        return {}

    def quota_used(self, path: str, owner: str = "shop") -> int:
        return self._by_day[owner, path, self.clock.day()]

    def use_up(self, path: str, owner: str = "shop") -> None:
        """Nothing is left of today's quota."""
        self._by_day[owner, path, self.clock.day()] = self.quotas.get(path, self.default).a_day


def minutes(calls: list[Any]) -> Counter[int]:
    """How many calls fell into each minute, of a server's list."""
    return Counter(call.at // 60 for call in calls)
