"""福袋雨 through the door: one approval, three draws, four receipts that anybody checks."""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from liveconsole import cli, verify_draw
from liveconsole.domain.draw import receipt_code
from tests.contract.engine_process import EngineProcess, comment

Engines = Callable[..., EngineProcess]
Json = dict[str, Any]
VIEWERS = [f"v{i}" for i in range(6)]
SPEC = {
    "prize": {"name": "杯", "value_fen": 100}, "winners": 1, "alternates": 1, "entry": {"keyword": "要"},
    "seconds": 1, "claim": {"seconds": 86_000}, "series": {"count": 3, "gap_seconds": 1},
}  # fmt: skip


def on_air(running: EngineProcess, platform: str = "own", **fields: Any) -> None:
    running.done("room.set", recall_seconds=0, platform=platform)
    running.done("broadcast.open")
    running.done("cue.add", "assistant", cue_id="rain", kind="lucky_bag", spec={**SPEC, **fields})
    running.done("cue.approve", "host", cue_id="rain")
    running.done("cue.fire", "host", cue_id="rain")


def cue_of(running: EngineProcess) -> Json:
    return next(cue for cue in running.state()["cues"] if cue["cue_id"] == "rain")


def until(running: EngineProcess, type_: str, count: int) -> list[Json]:
    end = time.monotonic() + 15
    while len(found := running.log(types=type_)) < count:
        assert time.monotonic() < end, f"no {count} {type_}"
        time.sleep(0.05)
    return found


def everybody_says_it(running: EngineProcess, bag: int) -> None:
    answer = running.post([comment(f"{bag}-{who}", "要", viewer=who) for who in VIEWERS])
    assert answer["accepted"] == len(VIEWERS)


def played(
    running: EngineProcess, *, killed_in_a_gap: Callable[[], EngineProcess] | None = None
) -> EngineProcess:
    everybody_says_it(running, 1)
    for bag in (1, 2, 3):
        until(running, "cue.drawn", bag)
        if bag == 3:
            break
        if bag == 1 and killed_in_a_gap is not None:
            assert cue_of(running)["series"]["next_at"] is not None
            running.kill()
            running = killed_in_a_gap()
        until(running, "bag.opened", bag)
        everybody_says_it(running, bag + 1)
    until(running, "bag.series", 1)
    return running


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[EngineProcess, Json, list[Json]]]:
    """A whole series with a kill between its first two bags; its file and its log."""
    folder = tmp_path_factory.mktemp("rain")
    running = EngineProcess(folder, "--port", "0").start()
    engines = [running]

    def again() -> EngineProcess:
        engines.append(EngineProcess(folder, "--port", "0").start())
        return engines[-1]

    try:
        on_air(running)
        running = played(running, killed_in_a_gap=again)
        file = folder / "series.json"
        assert cli.main(["receipt", "rain", "--series", "--out", str(file), "--data", str(folder)]) == 0
        yield running, json.loads(file.read_bytes()), running.log()
    finally:
        engines[-1].stop()


def verified(folder: Path, file: Any, log: list[Json] | None = None, *words: str) -> int:
    (folder / "series.json").write_text(json.dumps(file), "utf-8")
    asked = [str(folder / "series.json"), *words]
    if log is not None:
        (folder / "log").write_text("\n".join(json.dumps(line) for line in log), "utf-8")
        asked += ["--log", str(folder / "log")]
    return verify_draw.main(asked)


def test_three_bags_three_winners_and_one_receipt_of_the_whole(
    evening: tuple[EngineProcess, Json, list[Json]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    running, file, log = evening
    cue = cue_of(running)
    assert (cue["status"], cue["ended_because"]) == ("ended", "drawn")
    assert [(bag["status"], bag["entrants"], bag.get("stood_back", 0)) for bag in cue["series"]["bags"]] == [
        ("drawn", 6, 0),
        ("drawn", 5, 1),
        ("drawn", 4, 2),
    ]
    assert len({one["viewer_id"] for one in cue["winners"]}) == 3
    code = receipt_code(file["series"])
    assert cue["series"]["receipt_code"] == code == file["series"]["code"]
    assert len(running.log(types="cue.on_air")) == 1, "one approval, one firing"
    codes = [receipt_code(receipt) for receipt in file["receipts"]]
    assert verified(tmp_path, file, log, "--shown", code, "--shown", codes[1]) == 0
    told = capsys.readouterr().out
    assert "3 of 3 were drawn" in told
    assert told.count("won before and stood back") == 3
    assert verified(tmp_path, file, None, "--shown", "ABCD-EFGH") == 1


def test_each_bag_has_its_own_receipt_and_entrants_by_its_id(
    evening: tuple[EngineProcess, Json, list[Json]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    running, series, log = evening
    (tmp_path / "log").write_text("\n".join(json.dumps(line) for line in log), "utf-8")
    for place, name in enumerate(("rain", "rain-2", "rain-3")):
        receipt = series["receipts"][place]
        for id_ in (name, receipt["draw_id"]):
            file = tmp_path / "one.json"
            assert cli.main(["receipt", id_, "--out", str(file), "--data", str(running.folder)]) == 0
            assert json.loads(file.read_bytes()) == receipt
            page = running.call("GET", f"/v1/draws/{id_}/entries", role="viewer").json
            assert (page["entries"], page["root"]) == (receipt["entries"], receipt["root"])
        assert verify_draw.main([str(file), "--log", str(tmp_path / "log")]) == 0
        html = tmp_path / "one.html"
        assert cli.main(["receipt", name, "--html", str(html), "--data", str(running.folder)]) == 0
    assert cli.main(["receipt", "rain-4", "--data", str(running.folder)]) == 1
    assert cli.main(["receipt", "nobody", "--series", "--data", str(running.folder)]) == 1
    capsys.readouterr()


def _swapped(file: Json) -> None:
    file["receipts"][0], file["receipts"][1] = file["receipts"][1], file["receipts"][0]


BENT: dict[str, Callable[[Json], Any]] = {
    "one less": lambda file: file["receipts"].pop(),
    "another order": _swapped,
    "one twice": lambda file: file["receipts"].__setitem__(1, copy.deepcopy(file["receipts"][0])),
    "no receipt of the whole": lambda file: file.update(series=None),
    "a shorter gap was announced": lambda file: file["series"].update(gap_seconds=0),
    "more bags were announced": lambda file: file["series"].update(planned=4),
    "opened too early": lambda file: file["series"]["draws"][1].update(
        opened_at=file["series"]["draws"][0]["closed_at"]
    ),
    "a winner who did not stand back": lambda file: file["receipts"][2]["rules"].update(stood_back=[]),
    "another hash": lambda file: file["series"].update(receipts_sha256="0" * 64),
    "another code": lambda file: file["series"].update(code="ABCD-EFGH"),
    "a winner put in": lambda file: (
        file["receipts"][1].update(winners=[file["receipts"][1]["entries"][0]["id"]])
        if file["receipts"][1]["winners"] != [file["receipts"][1]["entries"][0]["id"]]
        else file["receipts"][1].update(winners=[file["receipts"][1]["entries"][1]["id"]])
    ),
}


@pytest.mark.parametrize("bent", BENT)
def test_twin_every_change_of_it_is_told(
    evening: tuple[EngineProcess, Json, list[Json]],
    tmp_path: Path,
    bent: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    _, file, _ = evening
    changed = copy.deepcopy(file)
    BENT[bent](changed)
    assert verified(tmp_path, changed) == 1
    assert "WRONG" in capsys.readouterr().out


def test_twin_a_log_in_which_somebody_holds_two_prizes_is_told(
    evening: tuple[EngineProcess, Json, list[Json]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, file, log = evening
    bent = copy.deepcopy(log)
    first, second = (line for line in bent if line["type"] == "cue.drawn" and line["data"].get("bag", 1) < 3)
    second["data"]["winners"][0]["viewer_id"] = first["data"]["winners"][0]["viewer_id"]
    assert verified(tmp_path, file, bent) == 1
    assert "hold two prizes: 1" in capsys.readouterr().out


def test_a_person_starts_the_first_bag_and_the_clock_the_others(engine_of: Engines) -> None:
    running = engine_of()
    on_air(running, "manual", series={"count": 2, "gap_seconds": 0})
    assert cue_of(running)["owed"]["step"] == "on_air"
    running.done("cue.confirm", "assistant", cue_id="rain", step="on_air", done=True)
    everybody_says_it(running, 1)
    until(running, "bag.opened", 1)
    everybody_says_it(running, 2)
    until(running, "bag.series", 1)
    cue = cue_of(running)
    assert (cue["status"], cue.get("owed"), len(cue["winners"])) == ("ended", None, 2)
    first = cue["winners"][0]["viewer_id"]
    running.done("bag.settle", "assistant", cue_id="rain", viewer_id=first, ok=True)
    assert cue_of(running)["winners"][0]["settled"] is True


def test_it_is_stopped_between_two_bags_and_the_rest_is_told(
    engine_of: Engines, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    running = engine_of()
    on_air(running, series={"count": 5, "gap_seconds": 60})
    everybody_says_it(running, 1)
    until(running, "cue.drawn", 1)
    assert running.command("cue.stop", cue_id="rain")["code"] == "needs_reason"
    running.done("cue.stop", cue_id="rain", reason="够了")
    until(running, "bag.series", 1)
    series = cue_of(running)["series"]
    assert (series["bag"], series["count"], series["more"], series["next_at"]) == (1, 5, False, None)
    file = tmp_path / "series.json"
    assert cli.main(["receipt", "rain", "--series", "--out", str(file), "--data", str(running.folder)]) == 0
    log = running.log()
    running.done("broadcast.close")
    capsys.readouterr()
    assert verified(tmp_path, json.loads(file.read_bytes()), log) == 0
    assert "1 of 5 were drawn" in capsys.readouterr().out
