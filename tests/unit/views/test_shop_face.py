"""Her shop's face: set as a whole, told to every screen, and its colour only ever in a shade that is read."""

from __future__ import annotations

from datetime import timedelta
from itertools import product
from typing import Any

import msgspec
import pytest

from liveconsole.domain.room import Room
from liveconsole.engine.pictures import shown
from liveconsole.messages.shop import NAME_LIMIT, ShopFace
from liveconsole.messages.state import RoomState
from liveconsole.overlay.view import look
from liveconsole.views.shades import READ, contrast, legible
from liveconsole.views.state.room import room_state
from tests.unit.domain.desk import START, Desk

LOGO = "a" * 64
FACE: dict[str, Any] = {"name": "暖屿羊绒", "logo": LOGO, "accent": "#A0704A"}


def test_it_is_set_whole_and_told_to_the_state_and_the_overlay() -> None:
    desk = Desk()
    assert look(desk.room, START).shop is None
    desk.ok("room.set", {"shop_face": FACE})
    assert room_state(desk.room).shop_face == ShopFace(**FACE)
    seen = look(desk.room, START + timedelta(seconds=1)).shop
    assert seen is not None
    assert (seen.title, seen.logo) == ("暖屿羊绒", LOGO)
    assert contrast(seen.on_dark, "#2D3036") >= READ
    assert contrast(seen.on_light, "#EDEDED") >= READ
    assert LOGO in shown(desk.room), "a logo is not among the pictures that nobody shows"
    desk.ok("room.set", {"shop_face": {"name": "暖屿"}})
    assert room_state(desk.room).shop_face == ShopFace("暖屿")
    assert LOGO not in shown(desk.room)


@pytest.mark.parametrize(
    ("face", "code"),
    [
        ({"name": "长" * (NAME_LIMIT + 1)}, "too_long"),
        ({"logo": "https://example.com/logo.png"}, "bad_shape"),
        ({"accent": "red"}, "bad_shape"),
        ({"accent": "#12345678"}, "bad_shape"),
        ("暖屿", "bad_shape"),
    ],
)
def test_what_is_no_face_is_refused(face: Any, code: str) -> None:
    desk = Desk()
    assert desk.no("room.set", {"shop_face": face}) == code
    assert room_state(desk.room).shop_face.is_blank


def test_an_assistant_gives_the_shop_no_face() -> None:
    assert Desk().no("room.set", {"shop_face": FACE}, role="assistant") == "forbidden"


def test_a_room_and_a_state_of_before_have_none() -> None:
    room = msgspec.msgpack.decode(msgspec.msgpack.encode(Room("r")), type=Room)
    assert room.settings.shop_face.is_blank
    old = msgspec.to_builtins(room_state(room))
    del old["shop_face"]
    assert msgspec.convert(old, RoomState).shop_face.is_blank


def test_a_shade_is_the_colour_itself_where_it_is_read_and_near_it_where_not() -> None:
    assert legible("#EAF0F7", "#0B0E14") == "#EAF0F7"
    colours = [f"#{r:02x}{g:02x}{b:02x}" for r, g, b in product((0, 96, 160, 255), repeat=3)]
    for colour, ground in product(colours, ("#0B0E14", "#FFFFFF", "#2D3036", "#EDEDED", "#7A7A7A")):
        assert contrast(legible(colour, ground), ground) >= READ, (colour, ground)
    assert contrast("#A0704A", "#2D3036") < READ, "taken as it is, it would not be read"
    assert legible("#808080", "#000000", "#FFFFFF") is not None, "no shade is read on both: the best is taken"
