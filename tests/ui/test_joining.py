"""A desk that joins another computer's room from the first window, at a real engine over TLS."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from PySide6.QtWidgets import QApplication

from liveconsole import tasks
from liveconsole.messages.sharing import ShareAllow, ShareCode, ShareRefuse, ShareRevoke
from tests.contract.engine_process import EngineProcess
from tests.doors.sharing import local, opened, waiting
from tests.ui.fake_bus import until
from ui.program import start
from ui.seat import elsewhere, session
from ui.windows.shell import Shell

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[EngineProcess]:
    running = EngineProcess(tmp_path / "host", "--port", "0").start()
    yield running
    running.stop()


@pytest_asyncio.fixture
async def shell(dressed: QApplication, tmp_path: Path) -> AsyncIterator[Shell]:
    made = Shell(tmp_path / "there", session.Remembered())
    made.show()
    made.begin()
    yield made
    await made.leave()
    await tasks.cancel_all()
    made.deleteLater()


async def test_a_newcomer_joins_by_code_and_digits_and_is_told_when_the_seat_is_taken(
    engine: EngineProcess, shell: Shell, tmp_path: Path
) -> None:
    shared = await opened(engine)
    assert shell.welcome is not None
    shell.welcome.elsewhere.click()
    page = shell.welcome.joining
    assert page is not None
    page.label.setText("<b>前台</b>电脑")
    page.code.setText("1234-ABCD")
    page.ask.click()
    await until(lambda: page.said.text() == "码不对，请照着再输一次")
    async with local(engine) as host:
        page.code.setText(shared.code.lower().replace("-", " "))
        page.ask.click()
        (ask,) = (await waiting(host)).asks
        await until(lambda: not page.digits.isHidden())
        assert (page.digits.text().replace(" ", ""), ask.label) == (ask.digits, "<b>前台</b>电脑")
        await host.share(ShareRefuse(ask.id))
        await until(lambda: page.said.text() == "主播没有同意")
        page.ask.click()  # the code was used
        await until(lambda: page.said.text() not in ("主播没有同意", "正在请求…"))

        assert (await host.share(ShareCode())).ok
        page.code.setText((await host.share()).sharing.code)
        page.ask.click()
        (ask,) = (await waiting(host)).asks
        allowed = await host.share(ShareAllow(ask.id, "assistant", True))
        await until(lambda: shell.desk is not None and shell.seat is not None, within=15)
        assert shell.seat is not None
        assert shell.desk is not None
        seat, desk = shell.seat, shell.desk
        await until(lambda: seat.link == "live" and desk.commands.room is not None, within=15)
        assert desk.commands.role == "deputy"
        await until(lambda: desk.strip.shared_words == "连着 127.0.0.1")
        assert desk.sheets.report is None, "no file is written beside a room that is elsewhere"
        assert (await seat.ask("note.put", {"text": "到了", "to": "host"})).ok
        (kept,) = elsewhere.kept(tmp_path / "there")
        assert session.load(tmp_path / "there").choice == elsewhere.choice_at(kept)

        await host.share(ShareRevoke(allowed.seat_id))
        await until(lambda: "移除了这个席位" in desk.notice.said, within=15)
        assert not desk.queue.isEnabled()
        assert shell.pages.currentWidget() is desk


async def test_a_seat_that_is_not_kept_any_more_is_asked_for_anew(shell: Shell) -> None:
    assert start.read(["--seat", "studio"]).seat == "studio"
    assert start.read(["--seat", "studio", "--nats", "off"]).nats == "off"
    with pytest.raises(SystemExit):
        start.read(["--nats", "tls://10.0.0.1"])
    shell.begin(at=elsewhere.At("studio"))
    assert shell.welcome is not None
    page = shell.welcome.joining
    assert page is not None
    await until(page.isVisible)
    assert shell.seat is None
