"""The prompter: its pace, its steps, where it is when the room goes on, and what it paints."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from liveconsole.messages.state import State
from tests.ui.rooms import SCRIPT, Evening, empty_state, host_state, sample_state
from ui.panels.prompter import Passage, Prompter, Scroll, passages
from ui.panels.prompter.scroll import CHARACTERS_A_MINUTE
from ui.panels.prompter.view import SIZES
from ui.seat.room import RoomView

HOSTILE = "<b>粗</b> <img src=x onerror=alert(1)> &amp; {0} %s\n\u202eevil\u202c\u200b\n<script>1</script>"


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def passage(key: str, text: str = SCRIPT, title: str = "") -> Passage:
    return Passage(key, title or key, text)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def prompter(dressed: QApplication, clock: Clock) -> Prompter:
    made = Prompter(clock)
    made.resize(830, 430)
    made.show_passages([passage("a"), passage("b", "第二段，\n两行。"), passage("c")], "a")
    made.show()
    return made


def run_for(prompter: Prompter, clock: Clock, seconds: float) -> None:
    """Frames of a sixtieth."""
    for _ in range(round(seconds * 60)):
        clock.now += 1 / 60
        prompter.advance()


# Pace ----------------------------------------------------------------------------------------------


def test_a_minute_at_one_is_two_hundred_and_forty_characters() -> None:
    scroll = Scroll()
    scroll.start(1000)
    scroll.paused = False
    for _ in range(3600):
        scroll.advance(1 / 60)
    assert scroll.at == pytest.approx(CHARACTERS_A_MINUTE)
    assert scroll.left == pytest.approx(760 * 60 / 240)


def test_speed_goes_in_steps_of_a_twentieth_and_never_drifts() -> None:
    scroll = Scroll()
    scroll.step(1)
    assert scroll.speed == 1.05
    for _ in range(37):
        scroll.step(1)
    for _ in range(38):
        scroll.step(-1)
    assert scroll.speed == 1.0
    scroll.step(-1000)
    assert scroll.speed == pytest.approx(0.1)
    scroll.step(1000)
    assert scroll.speed == 4.0


def test_it_stops_at_the_end_and_a_paused_one_never_moves() -> None:
    scroll = Scroll()
    scroll.start(10)
    scroll.advance(60)
    assert scroll.at == 0
    scroll.paused = False
    scroll.advance(60)
    assert scroll.at == 10
    assert not scroll.moving


def test_it_runs_by_the_clock_not_by_the_frames(prompter: Prompter, clock: Clock) -> None:
    prompter.toggle()
    run_for(prompter, clock, 3)
    assert prompter.reel.at == pytest.approx(12)
    prompter.faster(20)
    run_for(prompter, clock, 3)
    assert prompter.reel.at == pytest.approx(36)


def test_a_machine_that_slept_does_not_throw_the_text_on(prompter: Prompter, clock: Clock) -> None:
    prompter.toggle()
    clock.now += 3600
    prompter.advance()
    assert prompter.reel.at == pytest.approx(1.0)


def test_its_timer_runs_only_while_words_run(prompter: Prompter, clock: Clock) -> None:
    ran = [prompter.running]
    for act in (prompter.toggle, prompter.toggle, prompter.toggle, prompter.hide, prompter.show):
        act()
        ran.append(prompter.running)
    assert ran == [False, True, False, True, False, True]
    run_for(prompter, clock, 60)
    assert not prompter.running
    assert prompter.reel.at == prompter.reel.length


# Where it is ---------------------------------------------------------------------------------------


def test_the_line_of_the_strip_is_the_first_one_at_the_start(prompter: Prompter) -> None:
    assert next(line for away, line in prompter.visible() if abs(away) < 0.5) == SCRIPT.split("\n")[0]
    prompter.nudge(2)
    assert next(line for away, line in prompter.visible() if abs(away) < 0.5) == SCRIPT.split("\n")[2]
    prompter.nudge(-5)
    assert prompter.reel.at == 0


def test_it_goes_where_the_room_goes_and_keeps_running(prompter: Prompter, clock: Clock) -> None:
    prompter.toggle()
    run_for(prompter, clock, 2)
    prompter.show_passages([passage("a"), passage("b"), passage("c")], "b")
    assert prompter.passage is not None
    assert prompter.passage.key == "b"
    assert prompter.reel.at == 0
    assert prompter.running


def test_an_edit_of_the_script_keeps_the_place(prompter: Prompter) -> None:
    prompter.nudge(2)
    before = prompter.reel.at
    prompter.show_passages([passage("a", SCRIPT + "\n再加一行。"), passage("b")], "a")
    assert prompter.reel.at == before
    assert before > 0
    prompter.show_passages([passage("a", "短"), passage("b")], "a")
    assert prompter.reel.at == 1


def test_a_jump_is_a_preview_until_the_room_goes_on(prompter: Prompter) -> None:
    prompter.jump(1)
    previews = [prompter.previewing]
    assert prompter.passage == passage("b", "第二段，\n两行。")
    assert "预看 2 / 3" in prompter.accessibleName()
    prompter.show_passages([passage("a"), passage("b", "第二段，\n两行。"), passage("c")], "a")
    previews.append(prompter.previewing)  # another state is no reason to take it away from her
    prompter.jump(5)
    assert prompter.passage.key == "c"
    prompter.back()
    previews.append(prompter.previewing)
    assert previews == [True, True, False]
    prompter.jump(-1)
    assert prompter.passage.key == "a"


def test_larger_type_keeps_the_place(prompter: Prompter) -> None:
    prompter.nudge(3)
    place = prompter.reel.at
    prompter.resize_text(3)
    assert prompter.reel.at == place
    prompter.resize_text(99)
    assert prompter._font().pixelSize() == SIZES[-1]
    prompter.resize_text(-99)
    assert prompter._font().pixelSize() == SIZES[0] == 25


# What it says --------------------------------------------------------------------------------------


def said(state: State) -> tuple[list[Passage], str]:
    return passages(RoomView(state).only("cart", "catalogue", "rundown"))


def test_scripts_come_from_the_rundown() -> None:
    found, current = said(host_state())
    assert current == "s2"
    assert [p.key for p in found] == ["s0", "s1", "s2", "s3", "s4"]
    assert found[0].title == "开场"
    assert found[2] == Passage("s2", "3 号 100% 山羊绒围巾 驼色 200×70", SCRIPT)


def test_points_stand_in_for_a_segment_without_a_script() -> None:
    at = Evening()
    segments = [{"segment_id": "s0", "title": "开场"}, {"segment_id": "s1", "product_id": "scarf"}]
    at.ok("rundown.put", {"segments": [s | {"minutes": 8} for s in segments]})
    found, current = said(at.shown())
    assert (found[0].text, current) == ("", "")
    assert found[1].text == "16 微米长绒\n不起球\n送礼盒"


def test_without_a_rundown_the_cart_is_read() -> None:
    found, current = said(sample_state())
    assert current == "scarf"
    assert len(found) == 8
    assert found[2].text == "16 微米长绒\n不起球\n送礼盒"
    assert said(empty_state()) == ([], "")


def test_nothing_to_say_is_said(prompter: Prompter) -> None:
    prompter.show_passages([], "")
    assert prompter.passage is None
    assert not prompter.previewing
    prompter.toggle()
    assert not prompter.running
    prompter.jump(1)
    prompter.back()
    prompter.nudge(1)
    assert not prompter.grab().isNull()


def test_hostile_text_is_letters(prompter: Prompter) -> None:
    prompter.show_passages([passage("x", HOSTILE, "<i>题</i>")], "x")
    lines = [line for _, line in prompter.visible()]
    assert lines[0] == "<b>粗</b> <img src=x onerror=alert(1)> &amp; {0} %s"[: len(lines[0])]
    assert "<script>1</script>" in lines
    assert not any(c in "".join(lines) for c in "\u202e\u202c\u200b")
    assert "<i>题</i>" in prompter.accessibleName()
    prompter.show_passages([passage("x", "字" * 5_000)], "x")
    assert prompter.reel.length == 5_000
    prompter.show_passages([passage("x", "字" * 50_000)], "x")
    assert prompter.reel.length == 5_000


def test_mirrored_words_are_the_words_in_a_mirror(prompter: Prompter) -> None:
    prompter.show_passages([passage("a", "上七卜")], "a")
    strip = prompter.strip().toRect().adjusted(20, 4, -20, -4)

    def words() -> QImage:
        return prompter.grab().toImage().copy(strip).convertToFormat(QImage.Format.Format_Grayscale8)

    plain = words()
    prompter.mirror()
    mirrored = words()
    assert mirrored != plain
    back = mirrored.flipped(Qt.Orientation.Horizontal)
    differ = sum(
        abs((plain.pixel(x, y) & 255) - (back.pixel(x, y) & 255)) > 96
        for x in range(plain.width())
        for y in range(plain.height())
    )
    lit = sum((plain.pixel(x, y) & 255) > 128 for x in range(plain.width()) for y in range(plain.height()))
    assert lit > 200
    assert differ < lit / 4
    prompter.mirror()
    assert words() == plain
