"""A broadcast of an hour by keyboard alone: two desks in two processes at one engine, an audience at speed.

It is also the walk-through of an evening. Nothing here is clicked and no method of a panel is called: every
step is a key press on the window that has the focus, and what follows is what is then seen.

    assistant, before      Ctrl+I, Tab, Ctrl+V,    60 products of a workbook by its path; the one bad row is
                           Enter                   marked with its reason
                           Space, Space            「放进来 60 个」, 完成
                           Ctrl+R, Ctrl+V          20 segments as a table; Tab … Space, Space
                           Ctrl+M … Enter          「商品和排品表好了，可以开播」, Esc
    host, before           Shift+F6, Tab, Space    the note: 看过了
                           F6 F6, Tab, Space       开播
    assistant, on air      Ctrl+K, Ctrl+V          five lines of a chat, Enter proposes each. The first is
                                                   below its floor and says so: Ctrl+A, Ctrl+V mends it
    host, 20 times         PgDn                    下一品; twice in quick succession does nothing twice
    host, as it comes      Ctrl+1 … 9              fires what owns the number; Esc takes it back
                           Ctrl+Enter              agrees to the oldest proposal, Ctrl+Backspace sends it back
                           Ctrl+G                  health: a source that has died; Ctrl+G closes it
                           Ctrl+M … Enter, Esc     a note to the assistant
    host, at the end       F12 for a second        全停
                           Shift+F6, Tab, Space 2s 下播; the 交接单 comes up by itself
                           Space                   复制交接单
                           Shift+Tab, Space        写复盘文件
    host, the next evening Esc, F6 F6, Tab, Space  开播: nothing of the first stands on the desk
                           PgDn, Ctrl+1, Esc       its first segment, its sale at its own price, taken back
                           F12, 下播               as before

Every kind of promotion goes on the air. One is taken back, one stays below its floor with the reason beside
the key, one waits for a platform that answers late. Nothing modal is ever there and the feed never stops.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from liveconsole.bus.client import Client
from liveconsole.connectors.rehearsal import settings
from liveconsole.connectors.rehearsal.platform import look_up
from tests.contract.engine_process import ROOT, EngineProcess
from tests.end2end.desk_person import leave, live
from tests.end2end.hour_host import SLOWLY, Host
from tests.end2end.hour_room import CATALOGUE, PRODUCTS, SEGMENTS, write_catalogue
from tests.goals import within
from ui.seat import session
from ui.windows.shell import Shell

SPEED = 120.0
"""Minutes of the audience in half a second of the clock on the wall."""
HOUR = 3600.0
GAP_MS = 1_500.0
"""The longest that an event loop may be away on a machine that runs other things as well; 16 is a frame."""
STILL = 5.0
"""Seconds without a new comment: the audience speaks some 30 times in each."""


class Beside:
    """A process of the story beside the host's desk; what it says last is a line of JSON."""

    def __init__(self, module: str, *words: str) -> None:
        env = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", f"tests.end2end.{module}", *words]
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def say(self, word: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(word + "\n")
        self.process.stdin.flush()

    def end(self, within: float = 30.0) -> dict[str, Any]:
        said, _ = self.process.communicate(timeout=within)
        assert self.process.returncode == 0, said
        told: dict[str, Any] = json.loads(said.splitlines()[-1])
        return told

    def kill(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.communicate()


class Evening:
    """Everything around the host's desk."""

    def __init__(self, folder: Path) -> None:
        write_catalogue(folder.parent / CATALOGUE)
        settings.keep(folder, settings.Rehearsal(seed=4))
        self.engine = EngineProcess(folder, "--port", "0", "--rehearsal").start()
        self.engine.done("room.set", platform="rehearsal", proposal_seconds=600, title="一小时")
        self.audience = Beside("hour_audience", str(folder), str(SPEED))
        self.assistant = Beside("hour_assistant", str(folder))
        self._late: psutil.Process | None = None

    def platform_stops(self) -> None:
        """It takes what it is asked, and does not answer until `platform_goes_on`."""
        found = look_up(self.engine.folder)
        assert found is not None
        self._late = psutil.Process(found.pid)
        self._late.suspend()

    def platform_goes_on(self) -> None:
        assert self._late is not None
        self._late.resume()
        self._late = None

    def end(self) -> None:
        if self._late is not None:
            self._late.resume()
        self.audience.kill()
        self.assistant.kill()
        if self.engine.process.poll() is None:
            self.engine.stop()


@pytest.fixture
def evening(tmp_path: Path) -> Iterator[Evening]:
    made = Evening(tmp_path / "room")
    yield made
    made.end()


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_an_hour_by_keyboard(evening: Evening) -> None:
    began = time.monotonic()
    host: dict[str, Any] = {}
    live(lambda: _at_the_hosts_desk(evening, host), within=180.0)
    evening.audience.say("bye")
    lived = evening.audience.end()["seconds"]
    assistant = evening.assistant.end()
    took = time.monotonic() - began
    for name, desk in (("host", host), ("assistant", assistant)):
        print(name, {what: desk[what] for what in ("comments", "still", "gap")})
    print(f"the hour took {took:.1f} s; its audience lived {lived:.0f} s")

    assert lived >= HOUR
    for desk in (host, assistant):
        assert desk["modal"] == []
        assert desk["warnings"] == []
        assert desk["still"] < STILL
        within(desk["gap"]["max"], GAP_MS)
        assert desk["comments"] > 500
    _judge_the_log(evening.engine, host["first"])
    _judge_the_second(evening.engine, host["first"])
    _judge_the_engines_own_log(evening.engine.folder / "logs")
    _judge_the_files(Path(host["files"]), host["handover"])


async def _at_the_hosts_desk(evening: Evening, told: dict[str, Any]) -> None:
    shell = Shell(evening.engine.folder, session.Remembered())
    outside = Client(evening.engine.found["url"], evening.engine.tokens["host"])
    host: Host | None = None
    try:
        shell.show()
        shell.activateWindow()
        shell.begin(role="host")
        host = Host(shell, outside)
        await host.sits_down()
        handover, files = await _the_evening(host, evening)
        told["first"] = host.state.seq
        await _the_second_evening(host)
        told |= {"handover": handover, "files": str(files)}
    finally:
        if host is not None:
            told |= host.watch.end()
            told["comments"] = host.desk.feed.feed.comments if shell.desk is not None else 0
        await outside.close()
        await leave(shell)


async def _the_evening(host: Host, evening: Evening) -> tuple[str, Path]:
    await host.reads_the_note_and_opens()
    opened = time.monotonic()
    host.watch.watch_feed(True)

    await host.goes_on()  # 1: a sale that is taken back and fired again
    assert host.status(await host.fires("flash_sale", takes_back=True)) == "recalled"
    first = await host.fires("flash_sale")
    await host.goes_on()  # 2: its sale is below the floor
    await host.is_told_that_it_is_below_the_floor()
    await host.goes_on_with_two_presses()  # 3
    await host.is_on_air(first)

    await host.answers_proposals(agreed=4)
    evening.audience.say("quiet")
    silent = time.monotonic()
    coupon = await host.fires("coupon")
    bag = await host.fires("lucky_bag")
    while host.segment < 6:
        await host.goes_on()
    for cue_id in (coupon, bag):
        await host.is_on_air(cue_id)
    assert host.cue(coupon).status == "on_air"
    sale = await host.fires("flash_sale", of="288")
    while host.segment < 8:
        await host.goes_on()
    await host.is_on_air(sale)

    await host.goes_on()  # 9: its sale meets a platform that answers late
    late = await host.fires("flash_sale", of="149")
    evening.platform_stops()
    await host.waits_for_a_late_platform(late, evening.platform_goes_on)
    await host.sees(lambda: host.status(bag) == "ended", SLOWLY)
    assert host.cue(bag).winners

    await host.sees_a_source("评论 · oba", "square")
    assert time.monotonic() - silent > 14.0, "a source that speaks is not called quiet"
    evening.audience.say("speak")
    await host.sees_a_source("评论 · oba", "dot")
    await host.writes_to_the_assistant()
    await host.goes_on_with_two_presses()
    while host.segment < 15:
        await host.goes_on()
    last = await host.fires("coupon", of="满99减10")
    await host.is_on_air(last)
    await host.goes_to_the_end()
    await host.sees(lambda: (time.monotonic() - opened) * SPEED >= HOUR, SLOWLY)
    assert host.twice == 2

    host.watch.watch_feed(False)
    await host.halts()
    assert host.cue(last).ended_because == "halted"
    await host.closes()
    return await host.hands_over()


async def _the_second_evening(host: Host) -> None:
    """The plan begins anew, and what it brings along is made anew: at its price, with a number of its own."""
    await host.opens_a_second_evening()
    orders = host.state.orders
    assert (orders.placed or 0) < _MANY, "orders are this evening's"
    await host.goes_on()
    sale = await host.fires("flash_sale", takes_back=True)
    terms = host.cue(sale).spec
    assert (terms["price_fen"], terms["quantity"]) == (9_900, 40)
    again = await host.fires("flash_sale")
    await host.is_on_air(again)
    await host.halts()
    await host.closes()


_TYPES = "rundown.went,cue.queued,cue.recalled,cue.rejected,cue.on_air"
_MANY = 20
"""Orders; an hour of the audience places hundreds."""


def _judge_the_second(engine: EngineProcess, first: int) -> None:
    """Nothing that the first evening made was fired in the second."""
    log: list[dict[str, Any]] = []
    while page := engine.log(log[-1]["seq"] if log else 0, types=_TYPES):
        log += page
    made = {e["data"]["cue_id"] for e in log if e["type"] == "cue.queued" and e["seq"] <= first}
    later = [e for e in log if e["seq"] > first]
    on_air = [e["data"]["cue_id"] for e in later if e["type"] == "cue.on_air"]
    assert on_air
    assert made & set(on_air) == set()
    assert len([e for e in later if e["type"] == "rundown.went"]) == 1
    assert len([e for e in later if e["type"] == "cue.recalled"]) == 1


def _judge_the_log(engine: EngineProcess, until: int) -> None:
    """What stands on the log of the first evening is what was pressed, once each."""
    log: list[dict[str, Any]] = []
    while page := engine.log(log[-1]["seq"] if log else 0, types=_TYPES):
        log += page
    log = [event for event in log if event["seq"] <= until]

    def of(type_: str) -> list[dict[str, Any]]:
        return [event["data"] for event in log if event["type"] == type_]

    state = engine.state()
    assert len(state["catalogue"]["products"]) == len(PRODUCTS)
    went = of("rundown.went")
    assert [w["segment_id"] for w in went] == [s["segment_id"] for s in state["rundown"]["segments"]]
    assert len(went) == SEGMENTS
    not_put_up = [step for w in went for step in w["steps"] if not step["ok"]]
    assert [step["code"] for step in not_put_up] == ["below_price_floor"]
    on_air = [data["cue_id"] for data in of("cue.on_air")]
    assert len(on_air) == len(set(on_air)), "nothing began twice"
    kinds = {data["cue_id"]: data["kind"] for data in of("cue.queued")}
    told = Counter(kinds[cue_id] for cue_id in on_air)
    assert told == {"pin": SEGMENTS + 1, "flash_sale": 3, "coupon": 2, "lucky_bag": 1}
    assert (len(of("cue.recalled")), len(of("cue.rejected"))) == (1, 1)


def _judge_the_engines_own_log(folder: Path) -> None:
    said = [line for path in folder.glob("engine.log*") for line in path.read_text("utf-8").splitlines()]
    assert said, "the engine keeps a log"
    assert [line for line in said if json.loads(line)["level"] not in ("info", "debug")] == []


def _judge_the_files(folder: Path, handover: str) -> None:
    page = (folder / "report.html").read_text("utf-8")
    for words in ("满199减20", "满99减10", "羊绒围巾", PRODUCTS[0].title):
        assert words in page, words
    with zipfile.ZipFile(folder / "report.xlsx") as book:
        assert PRODUCTS[8].title in book.read("xl/sharedStrings.xml").decode()
    clips = list(csv.reader((folder / "clips.csv").read_text("utf-8-sig").splitlines()))
    assert len(clips) >= SEGMENTS + 1  # one with a head, one more for the pin that was fired
    assert (folder / "clips.edl").read_text("utf-8").count("FROM CLIP NAME") >= SEGMENTS
    assert (folder / "handover.txt").read_text("utf-8").strip() == handover.strip()
    assert "羊绒围巾" in handover
