"""What the picture shows of a draw while it runs and at its close binds the receipt."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from liveconsole import cli, verify_draw
from liveconsole.domain.draw import receipt_code, short_code
from liveconsole.reports.receipt_page import receipt_page
from tests.contract.engine_process import EngineProcess, comment
from tests.contract.test_overlay import _views

Engines = Callable[..., EngineProcess]
Json = dict[str, Any]


def bag(seconds: int) -> Json:
    return {
        "prize": {"name": "保温杯", "value_fen": 9900},
        "winners": 1,
        "entry": {"keyword": "福到了"},
        "seconds": seconds,
    }


async def test_the_picture_the_seat_the_file_and_the_check_show_the_same_codes(
    engine_of: Engines, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    running = engine_of()
    running.done("room.set", recall_seconds=0)
    running.done("broadcast.open")
    cue_id = running.done("cue.add", kind="lucky_bag", spec=bag(2))["cue_id"]
    steps: list[tuple[Any, Any]] = [
        (lambda: running.done("cue.fire", cue_id=cue_id), lambda view: view["running"]),
        (lambda: running.post([comment("c", "福到了", viewer="v")]), lambda view: view["results"]),
    ]
    views = await _views(running, steps)
    card = next(view["running"][0] for view in views if view["running"])
    (result,) = views[-1]["results"]
    promise, receipt_said = card["promise_code"], result["receipt_code"]
    assert card["qr"]["path"]
    (cue,) = [cue for cue in running.state()["cues"] if cue["cue_id"] == cue_id]
    assert (cue["draw"]["promise_code"], cue["draw"]["receipt_code"]) == (promise, receipt_said)
    assert result["root_code"] == short_code(cue["draw"]["root"], 16)

    file = tmp_path / "receipt.json"
    words = ["receipt", cue_id, "--out", str(file), "--data", str(running.folder)]
    assert await asyncio.to_thread(cli.main, words) == 0
    receipt = json.loads(file.read_bytes())
    assert receipt["code"] == receipt_said
    shown = [word for code in (promise, receipt_said, result["root_code"]) for word in ("--shown", code)]
    html = tmp_path / "receipt.html"
    words = ["receipt", cue_id, "--html", str(html), "--data", str(running.folder)]
    assert await asyncio.to_thread(cli.main, words) == 0
    assert html.read_bytes() == receipt_page(receipt)
    capsys.readouterr()
    for viewer, code in (("v", 0), ("nobody", 1)):
        words = ["receipt", cue_id, "--find", viewer, "--data", str(running.folder)]
        assert await asyncio.to_thread(cli.main, words) == code
        assert (capsys.readouterr().out.strip() == receipt["winners"][0]) is (code == 0)
    assert verify_draw.main([str(file), *shown]) == 0
    told = capsys.readouterr().out
    assert promise in told
    assert receipt_said in told
    assert verify_draw.main([str(file), "--shown", promise.lower().replace("0", "o")]) == 0
    assert verify_draw.main([str(file), "--shown", "0000-0000-0000-0000"]) == 1


def test_another_draw_that_holds_in_itself_is_not_the_one_that_was_shown(tmp_path: Path) -> None:
    """The twin: who draws again until his friend wins has a faultless receipt, and other codes."""
    from tests.unit.test_verify_draw import drawn, run

    (one, _), other = drawn(), tmp_path / "receipt.json"
    again = json.loads(json.dumps(one))
    again["rules"]["salt"] = "another"
    again["rules_sha256"] = verify_draw._sha(verify_draw.canonical(again["rules"]))
    assert run(tmp_path, again) == 0
    assert verify_draw.main([str(other), "--shown", verify_draw.promise_code(one["rules_sha256"])]) == 1
    assert verify_draw.main([str(other), "--shown", verify_draw.promise_code(again["rules_sha256"])]) == 0


def test_a_code_is_the_same_with_and_without_the_entrants_and_moves_with_all_else() -> None:
    from tests.unit.test_verify_draw import drawn

    receipt, _ = drawn()
    code = receipt_code(receipt)
    bare = {name: value for name, value in receipt.items() if name != "entries"} | {"count": 12}
    assert receipt_code(bare) == verify_draw.receipt_code(bare) == verify_draw.receipt_code(receipt) == code
    for name in set(receipt) - {"entries"}:
        changed = receipt | {name: "x"}
        assert receipt_code(changed) != code
        assert verify_draw.receipt_code(changed) == receipt_code(changed)


@pytest.mark.parametrize(
    ("digest", "letters", "code"),
    [
        ("00" * 32, 8, "0000-0000"),
        ("ff" * 32, 8, "ZZZZ-ZZZZ"),
        ("00443214c74254b635cf84653a56d7c675be77df", 8, "0123-4567"),
        ("00443214c74254b635cf84653a56d7c675be77df", 16, "0123-4567-89AB-CDEF"),
    ],
)
def test_a_code_is_crockfords(digest: str, letters: int, code: str) -> None:
    whole = digest.ljust(64, "0")
    assert short_code(whole, letters) == verify_draw._code(whole, letters) == code
