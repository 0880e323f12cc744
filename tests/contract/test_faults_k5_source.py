"""K5.4 and K5.7 at a real engine: whose comments enter a bag, what a keyword is, what a log says of both."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from liveconsole import verify_draw
from tests.contract.engine_process import ROOT, EngineProcess, comment
from tests.contract.test_faults_k5_log import cue_of, fire, until_drawn

Make = Callable[..., EngineProcess]
REAL, STRAY, SPARE = "/oba/real", "/other/tool", "/oba/spare"


def files(running: EngineProcess, receipt: dict[str, Any], folder: Path) -> list[str]:
    """Receipt and whole log, as ``tail`` gives it."""
    (folder / "receipt.json").write_text(json.dumps(receipt), "utf-8")
    lines = [json.dumps(line, ensure_ascii=False) for line in running.log()]
    (folder / "log").write_text("\n".join(lines) + "\n", "utf-8")
    return [str(folder / "receipt.json"), "--log", str(folder / "log")]


def say(running: EngineProcess, source: str, *said: tuple[str, str]) -> None:
    stamp = running.seq()
    posted = [comment(f"{stamp}-{n}", text, source=source, viewer=who) for n, (who, text) in enumerate(said)]
    assert running.post(posted)["accepted"] == len(said)


def opened(make: Make) -> EngineProcess:
    running = make()
    running.done("room.set", recall_seconds=0)
    running.done("broadcast.open")
    return running


def test_one_stray_comment_does_not_own_the_bag(engine_of: Make, tmp_path: Path) -> None:
    """K5.4: 300 entries through the real tool, and one entrant, of a tool that had said one thing."""
    running = opened(engine_of)
    say(running, REAL, *((f"w{n}", "主播好") for n in range(5)))
    say(running, STRAY, ("s0", "主播好"))
    cue_id = fire(running, 4)
    say(running, STRAY, ("s1", "要"))
    say(running, REAL, *((f"v{n}", "要") for n in range(300)))
    cue = cue_of(running, cue_id)
    assert (cue["entrants"], cue["source"]) == (300, REAL)
    receipt = until_drawn(running)
    assert receipt["source"] == receipt["rules"]["entry"]["source"] == REAL
    done = subprocess.run(
        [sys.executable, "-m", "liveconsole", "verify-draw", *files(running, receipt, tmp_path)],
        capture_output=True, encoding="utf-8", cwd=ROOT, timeout=60, check=False,
        env={"PYTHONIOENCODING": "utf-8", "PATH": ""},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    (left_out,) = [line for line in done.stdout.splitlines() if "没有进" in line]
    assert "s1" in left_out
    assert STRAY in left_out


def test_handed_over_by_a_person_and_told_with_everything_else(
    engine_of: Make, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    running = opened(engine_of)
    say(running, REAL, ("w", "主播好"))
    given_up = fire(running, 60)
    running.done("cue.stop", cue_id=given_up, reason="奖品写错了")
    say(running, REAL, ("early", "要"))
    spec = {"exclude": ["staff"]}
    cue_id = fire(running, 5, **spec)
    say(running, REAL, ("v1", "要"), ("staff", "要"), ("v1", "要"), ("v9", "不要"))
    say(running, SPARE, ("v2", "要"))
    body = {"id": "h", "type": "bag.source", "data": {"cue_id": cue_id, "source": SPARE}}
    assert running.call("POST", "/v1/commands", body, role="assistant").status == 403
    assert running.done("bag.source", "operator", cue_id=cue_id, source=SPARE)["source"] == SPARE
    say(running, SPARE, ("v3", "要"), ("v1", "要"))
    (handed,) = running.log(types="bag.source")
    assert (handed["actor"], handed["data"]["source"]) == ("operator", SPARE)
    receipt = until_drawn(running)
    say(running, SPARE, ("late", "要"))
    assert (len(receipt["entries"]), receipt["source"]) == (2, SPARE)
    asked = files(running, receipt, tmp_path)
    capsys.readouterr()
    assert verify_draw.main(asked) == 0
    out = capsys.readouterr().out
    told = [line for line in out.splitlines() if line.startswith("[注]")]
    assert "奖品写错了" in told[0], "the draw of the same prize that was given up"
    why = {
        "early": "还没开始", "v2": "别的来源", "late": "已经截止", "staff": "排除名单", "v1": "已经在里面"
    }  # fmt: skip
    for who, word in why.items():
        assert any(f" {who}「要」" in line and word in line for line in told), (who, told)
    assert not any("v9" in line or "v3" in line for line in told)

    # The twins: a log in which somebody said it and is not in, and one in which an entrant never did.
    lines = running.log()
    for line in lines:
        if line["type"] == "comment.posted" and line["data"]["viewer"]["id"] in ("v1", "staff"):
            line["data"]["viewer"]["id"] = {"v1": "x1", "staff": "x2"}[line["data"]["viewer"]["id"]]
    (tmp_path / "log").write_text("\n".join(map(json.dumps, lines)), "utf-8")
    assert verify_draw.main(asked) == 1
    out = capsys.readouterr().out
    assert "[错] 参与者都说过口令" in out
    assert "[错] 按时说了口令而没进的人：1" in out


HEARTS = [
    "想要❤",
    "想要❤\ufe0f",
    "想\u034f要❤",
    "想要\u3164❤",
    "\u2800想要❤",
    "想\u115f要❤",
    "想要❤\U000e0100",
]


@pytest.mark.parametrize("keyword", ["想要❤\ufe0f", "想要❤"])
def test_a_heart_is_a_heart(engine_of: Make, tmp_path: Path, keyword: str) -> None:
    """K5.7: typed on a PC with U+FE0F, said on a phone without; and what else nobody sees."""
    running = opened(engine_of)
    cue_id = fire(running, 3, entry={"keyword": keyword})
    say(running, REAL, *((f"v{n}", text) for n, text in enumerate(HEARTS)), ("x", "想要"), ("y", "想要❤❤"))
    assert cue_of(running, cue_id)["entrants"] == len(HEARTS)
    receipt = until_drawn(running)
    assert receipt["rules"]["entry"]["letters"] == 2
    assert verify_draw.main(files(running, receipt, tmp_path)) == 0
