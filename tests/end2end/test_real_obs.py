"""A real OBS under a screen of its own follows a real engine: scenes, texts, outputs, and restarts of either.

Run by `make prove`. Debian's OBS 29 has neither chapters nor a browser source: that they are missing is said.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from liveconsole.connectors.obs.client import session
from tests.contract.engine_process import EngineProcess
from tests.goals import within
from tests.unit.domain.desk import SALE, product
from tests.worlds.obs.real import PASSWORD, RealObs, missing

pytestmark = [
    pytest.mark.deep,
    pytest.mark.timeout(180),
    pytest.mark.skipif(bool(missing()), reason=f"no {missing()} here (apt install obs-studio xvfb)"),
]

SCENES = {"kind:flash_sale": "秒杀", "pin": "商品", "idle": "候场"}
TEXTS = {"价格牌": "{number}号 {title} {price}"}


@pytest.fixture
def obs(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[RealObs]:
    real = RealObs(tmp_path / "obs", getattr(request, "param", PASSWORD)).start()
    for scene in ("候场", "商品", "秒杀", "换机位"):
        person(real, "CreateScene", sceneName=scene)
    person(real, "CreateInput", sceneName="商品", inputName="价格牌", inputKind="text_ft2_source_v2")
    yield real
    real.close()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[EngineProcess]:
    running = EngineProcess(tmp_path / "room").start()
    running.done("room.set", platform="own", recall_seconds=0)
    running.done("catalogue.put", products=[product("scarf", 9900, 10), product("hat", 4900, 20)])
    running.done("cart.add", product_ids=["scarf", "hat"])
    running.done("broadcast.open", title="晚场")
    yield running
    running.stop()


def person(obs: RealObs, request: str, **data: Any) -> dict[str, Any]:
    """What a person does in OBS, or sees there."""

    async def do() -> dict[str, Any]:
        async with session(obs.address, obs.password, lambda *_: None) as asked:
            return await asked.ask(request, **data)

    return asyncio.run(do())


def program(obs: RealObs) -> str:
    return str(person(obs, "GetCurrentProgramScene")["currentProgramSceneName"])


def text(obs: RealObs) -> str:
    return str(person(obs, "GetInputSettings", inputName="价格牌")["inputSettings"].get("text", ""))


def connect(engine: EngineProcess, obs: RealObs, **more: Any) -> None:
    kept = engine.call("PUT", "/v1/secrets/obs", {"password": obs.password})
    assert kept.status in (200, 204), kept.body
    engine.done("room.set", obs={"address": obs.address, "scenes": SCENES, "texts": TEXTS, **more})


def health(engine: EngineProcess) -> dict[str, Any]:
    return dict(engine.state()["health"]["connections"].get("obs", {}))


def told(engine: EngineProcess) -> tuple[str, str]:
    found = health(engine)
    return found.get("state", ""), found.get("code", "")


def until(holds: Callable[[], object], within: float = 30.0) -> None:
    deadline = time.monotonic() + within
    while not holds():
        assert time.monotonic() < deadline, "it did not come to hold"
        time.sleep(0.1)


def shows(obs: RealObs, scene: str, said: str) -> None:
    until(lambda: (program(obs), text(obs)) == (scene, said))


def test_scenes_texts_and_outputs_of_a_real_obs(obs: RealObs, engine: EngineProcess) -> None:
    connect(engine, obs, chapters=True)
    until(lambda: program(obs) == "候场")
    engine.done("cart.pin", product_id="scarf")
    shows(obs, "商品", "1号 scarf ¥99")
    engine.done("cue.add", cue_id="f1", kind="flash_sale", spec={**SALE, "seconds": 3600})
    engine.done("cue.fire", cue_id="f1")
    shows(obs, "秒杀", "1号 scarf ¥59")
    engine.done("cue.stop", cue_id="f1")
    shows(obs, "商品", "1号 scarf ¥99")
    person(obs, "SetCurrentProgramScene", sceneName="换机位")
    time.sleep(3)
    assert program(obs) == "换机位", "a person's scene stays"
    engine.done("cart.pin", product_id="hat")
    until(lambda: text(obs) == "2号 hat ¥49")
    assert program(obs) == "换机位", "the scene of a pin is the one that the room asked for before"
    engine.done("cart.unpin")
    until(lambda: (program(obs), text(obs)) == ("候场", ""))
    until(lambda: told(engine) == ("connected", "no_chapters"))
    person(obs, "StartRecord")
    until(lambda: health(engine)["figures"]["recording"] == 1)
    began = health(engine)["figures"]["record_began"]
    assert abs(began - time.time() * 1000) < 20_000
    person(obs, "StopRecord")
    until(lambda: health(engine)["figures"]["recording"] == 0)
    person(obs, "StartStream")
    until(lambda: health(engine)["figures"]["streaming"] == 1)
    until(lambda: health(engine)["figures"]["total_frames"] > 0)
    person(obs, "StopStream")
    until(lambda: health(engine)["figures"]["streaming"] == 0)
    answered = engine.call("POST", "/v1/connections/obs/check", {}).json
    assert answered["program"] == "候场"
    assert answered["texts"] == ["价格牌"]
    assert (answered["chapters"], answered["browser_source"]) == (False, False)
    answered = engine.call("POST", "/v1/connections/obs/overlay", {}).json
    assert (answered["ok"], answered["code"]) == (False, "no_browser_source")


@pytest.mark.parametrize("obs", [PASSWORD, ""], indirect=True, ids=["guarded", "open"])
def test_restarts_of_obs_and_of_the_engine_in_any_order(obs: RealObs, engine: EngineProcess) -> None:
    connect(engine, obs)
    engine.done("cart.pin", product_id="scarf")
    shows(obs, "商品", "1号 scarf ¥99")

    obs.stop()
    until(lambda: told(engine) == ("waiting", "away"))
    engine.done("cart.pin", product_id="hat")
    obs.start()
    shows(obs, "商品", "2号 hat ¥49")

    engine.kill()
    engine.start()
    until(lambda: told(engine) == ("connected", ""))
    shows(obs, "商品", "2号 hat ¥49")

    engine.stop()
    person(obs, "SetCurrentProgramScene", sceneName="换机位")
    engine.start()
    until(lambda: told(engine) == ("connected", "by_hand"))
    assert program(obs) == "换机位"

    engine.stop()
    obs.stop()
    obs.start()
    time.sleep(2)
    engine.start()
    shows(obs, "商品", "2号 hat ¥49")

    engine.kill()
    obs.stop(kill=True)
    engine.start()
    until(lambda: told(engine) == ("waiting", "away"))
    engine.done("cart.unpin")
    obs.start()
    shows(obs, "候场", "")

    obs.stop(kill=True)
    engine.stop()
    obs.start()
    engine.start()
    engine.done("cart.pin", product_id="scarf")
    shows(obs, "商品", "1号 scarf ¥99")


def test_a_real_obs_in_studio_mode_with_a_slow_transition(obs: RealObs, engine: EngineProcess) -> None:
    """What it shows is true once the transition is over; meanwhile nobody is taken for having changed it."""
    person(obs, "SetStudioModeEnabled", studioModeEnabled=True)
    person(obs, "SetCurrentSceneTransition", transitionName="Fade")
    person(obs, "SetCurrentSceneTransitionDuration", transitionDuration=2500)
    connect(engine, obs)
    until(lambda: program(obs) == "候场")
    codes = set()
    for product_id, scene in (("scarf", "商品"), ("", "候场"), ("hat", "商品")):
        if product_id:
            engine.done("cart.pin", product_id=product_id)
        else:
            engine.done("cart.unpin")
        started = time.monotonic()
        while program(obs) != scene:
            assert time.monotonic() - started < 20, "it did not come to hold"
            codes.add(told(engine)[1])
            time.sleep(0.1)
        time.sleep(3)
        codes.add(told(engine)[1])
        assert told(engine) == ("connected", "")
    assert codes <= {""}


def test_a_real_obs_that_stands_still_holds_nothing_up(obs: RealObs, engine: EngineProcess) -> None:
    connect(engine, obs)
    until(lambda: told(engine) == ("connected", ""))
    obs.hang()
    try:
        slowest = 0.0
        for at in range(20):
            started = time.monotonic()
            engine.done("cart.pin", product_id=("scarf", "hat")[at % 2])
            slowest = max(slowest, time.monotonic() - started)
        within(slowest, 1.0)
        assert engine.state()["pinned"]["confirmed"] == "hat"
        until(lambda: told(engine) == ("waiting", "silent"))
    finally:
        obs.hang(False)
    shows(obs, "商品", "2号 hat ¥49")
