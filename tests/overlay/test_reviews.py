"""晒单 and a story in a browser: stars, its words as text, and away at its moment."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.engine_process import EngineProcess, event
from tests.contract.test_shown_reviews import written
from tests.overlay.chromium import browser, needs_chromium


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[EngineProcess]:
    running = EngineProcess(tmp_path / "room", "--port", "0").start()
    goods = {"product_id": "p1", "title": "羊绒围巾", "price_fen": 9900, "stock": 20}
    running.done("catalogue.put", products=[goods])
    running.done("broadcast.open")
    yield running
    running.stop()


@pytest.mark.slow
@needs_chromium
async def test_it_has_a_card_for_its_seconds(stage: EngineProcess, tmp_path: Path) -> None:
    review_id = written(stage, "<b>很软</b>，" + "冬天穿着够暖，" * 12, "o1")
    stage.done("review.consent", review_id=review_id, agreed=True)
    async with browser(tmp_path / "browser") as page:
        await page.go(f"http://127.0.0.1:{stage.port}/overlay?token={stage.tokens['overlay']}")
        stage.done("review.show", review_id=review_id, seconds=6)
        await page.until("document.querySelectorAll('.review:not(.gone)').length === 1")
        said = await page.ask("document.querySelector('.review').innerText")
        assert "★★★★★" in said
        assert "<b>很软</b>" in said, "what a buyer wrote is text"
        assert "羊绒围巾" in said
        assert "林" not in said
        (tmp_path / "review.png").write_bytes(await page.picture())
        await page.until("document.querySelectorAll('.review').length === 0")
        stage.done("story.collect", keyword="我的故事")
        said_it = {"viewer": {"id": "v1", "name": "林小姐"}, "text": "我的故事 三年前买的第一条围巾"}
        stage.post([event("c/1", "comment.posted", said_it)])
        (story,) = stage.call("GET", "/v1/state", role="assistant").json["stories"]["rows"]
        assert story["name"] == "林小姐", "who asks him has to find him"
        stage.done("review.consent", review_id=story["review_id"], agreed=True)
        stage.done("review.show", review_id=story["review_id"], seconds=6)
        await page.until("document.querySelectorAll('.review:not(.gone)').length === 1")
        told = await page.ask("document.querySelector('.review').innerText")
        assert "观众故事" in told
        assert "三年前买的第一条围巾" in told
        assert "★" not in told
        assert "林" not in told
        (tmp_path / "story.png").write_bytes(await page.picture())
        assert page.complaints == []
