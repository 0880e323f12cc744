"""``liveconsole report``: the files of a rehearsal, from its store and from a running engine."""

from __future__ import annotations

import json
import os
import re
import zipfile
from pathlib import Path
from typing import Any

FILES = ["report.html", "report.pdf", "report.xlsx", "clips.csv", "clips.edl", "pledges.csv", "handover.txt"]


def test_a_rehearsals_report_is_written_whole_and_names_nobody(program: Any, tmp_path: Path) -> None:
    played = program.run(
        "rehearse", "--headless", "--seconds", "150", "--seed", "3", "--data", str(program.folder)
    )
    assert played.returncode == 0, played.stderr
    out = tmp_path / "given"
    out.mkdir(mode=0o755)
    # Also where a screen seems to be: nothing is shown, so none is asked for.
    result = program.run("report", "--out", str(out), env={"QT_QPA_PLATFORM": "xcb", "DISPLAY": ":77"})
    assert result.returncode == 0, result.stderr
    assert [Path(line).name for line in result.stdout.splitlines()] == FILES
    page = (out / "report.html").read_text("utf-8")
    assert f"¥{json.loads(played.stdout)['gmv_fen'] / 100:,.2f}" in page
    assert "排练 · 模拟数据" in page
    assert "sim:" not in page
    pdf = (out / "report.pdf").read_bytes()
    assert pdf.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) >= 3
    with zipfile.ZipFile(out / "report.xlsx") as book:
        assert "sim:" not in book.read("xl/sharedStrings.xml").decode()
    if os.name == "posix":
        assert out.stat().st_mode & 0o777 == 0o755, "a folder of the user's keeps its access"
        assert (out / "report.xlsx").stat().st_mode & 0o077 == 0

    whole = program.run("report", "--names", "--html", "--out", str(out))
    assert whole.stdout.splitlines() == [str(out / "report.html")]
    named = (out / "report.html").read_text("utf-8")
    assert "含人名，请勿外传" in named
    assert "sim:" not in named


def test_a_running_engine_and_its_store_give_the_same_handover(program: Any) -> None:
    program.serve()
    program.command("catalogue.put", products=[
        {"product_id": "A", "title": "围巾", "price_fen": 9900, "stock": 5}])  # fmt: skip
    program.command("cart.add", product_ids=["A"])
    program.command("broadcast.open", title="晚场")
    program.command("cart.pin", product_id="A")
    order = {"order_id": "o1", "buyer": {"id": "u1", "name": "安安"}, "lines": [
        {"sku_id": "A", "quantity": 1, "unit_price_fen": 9900}], "total_fen": 9900}  # fmt: skip
    event = {"specversion": "1.0", "id": "1", "source": "/shop", "type": "order.placed", "data": order}
    assert program.ask("/v1/events", [event], role="producer")["accepted"] == 1
    first = program.run("report", "--handover")
    assert first.returncode == 0, first.stderr
    assert "o1 · #1 围巾 × 1 · ¥99.00" in first.stdout
    assert "排练" not in first.stdout
    assert not (program.folder / "reports").exists(), "a text on stdout leaves no file"
    program.stop()
    assert program.run("report", "--handover").stdout == first.stdout
    english = program.run("report", "--handover", "--english")
    assert "Unpaid orders" in english.stdout

    assert program.run("report", "--edl").returncode == 0
    (folder,) = (program.folder / "reports").iterdir()
    assert (folder / "clips.edl").read_text("utf-8").startswith("TITLE: 晚场")


def test_what_is_not_there_is_said(program: Any) -> None:
    nothing = program.run("report")
    assert nothing.returncode == 1
    assert not (program.folder / "room.db").exists()
    assert (
        program.run("rehearse", "--headless", "--seconds", "5", "--data", str(program.folder)).returncode == 0
    )
    missing = program.run("report", "--broadcast", "2")
    assert missing.returncode == 1
    assert "1 broadcast" in missing.stderr
    assert program.run("report", "--broadcast", "0").returncode == 2


def _rehearse(program: Any, seconds: int) -> Any:
    words = ("--headless", "--seconds", str(seconds), "--seed", "3", "--data", str(program.folder))
    return program.run("rehearse", *words)


def test_the_users_own_groups_of_questions_are_counted(program: Any) -> None:
    program.serve()
    program.command("broadcast.open", title="晚场")
    asked = {"viewer": {"id": "u1", "name": "安安"}, "text": "小样有几份"}
    event = {"specversion": "1.0", "id": "1", "source": "/room", "type": "comment.posted", "data": asked}
    assert program.ask("/v1/events", [event], role="producer")["accepted"] == 1
    own = program.folder / "questions.toml"
    own.write_text('[[group]]\nid = "gift"\nzh = "问小样的"\nwords = ["小样"]\n', "utf-8")
    written = program.run("report", "--html")
    assert written.returncode == 0, written.stderr
    page = Path(written.stdout.strip())
    assert "问小样的" in page.read_text("utf-8")
    own.write_text("[[group", "utf-8")
    broken = program.run("report", "--html")
    assert broken.returncode == 0
    assert "questions.toml" in broken.stderr
    assert "问小样的" not in page.read_text("utf-8")
