"""What is cut from a bundle: what stays of ICU is as it was; a library goes with the last that needs it."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import sys
from pathlib import Path

import PySide6
import pytest
from bundle import icu, layout

from tests.services import absent

ASKED = """
import functools, sys
from PySide6.QtCore import QCollator, QLocale, QTimeZone, Qt
words = [a + b for a in "羊绒大衣重庆长沙abcXYZéüßĀ12" for b in "衣裤a1Éz"]
for name in ("zh_CN", "en_US", "C"):
    order = QCollator(QLocale(name))
    order.setNumericMode(True)
    order.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    print(name, sorted(words, key=functools.cmp_to_key(order.compare)))
print(QLocale("tr").toUpper("i"), QLocale("de").toUpper("straße"))
for name in ("zh_CN", "en_US"):
    zone = QTimeZone(b"Asia/Shanghai")
    print(zone.displayName(QTimeZone.TimeType.StandardTime, QTimeZone.NameType.LongName, QLocale(name)))
print([line.split("/")[-1].split()[0] for line in open("/proc/self/maps") if "libicudata" in line][:1])
"""


def whole_icu() -> Path:
    found = sorted((Path(PySide6.__file__).parent / "Qt" / "lib").glob("libicudata.so.*"))
    if not found:
        pytest.skip("Qt has no ICU of its own on this system")
    if not all(map(shutil.which, ("as", "ld", "readelf"))):
        absent("no binutils: apt-get install binutils")
    return found[0]


def test_what_stays_of_icu_answers_as_the_whole_does(tmp_path: Path) -> None:
    whole = whole_icu()
    small = icu.smaller(whole, tmp_path)
    assert small.stat().st_size < whole.stat().st_size / 8

    def answers(library: Path) -> str:
        env = {**os.environ, "LD_PRELOAD": str(library)}
        return subprocess.run(
            [sys.executable, "-c", ASKED], env=env, check=True, capture_output=True, text=True
        ).stdout

    assert answers(small) == answers(whole)
    assert "China Standard Time" in answers(small)


def test_a_cut_too_deep_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: without the order of Chinese the answers differ."""
    whole = whole_icu()
    kept = icu.KEPT
    monkeypatch.setattr(
        icu, "KEPT", type("No", (), {"fullmatch": lambda _, n: "zh" not in n and kept.fullmatch(n)})()
    )
    with pytest.raises(AssertionError):
        test_what_stays_of_icu_answers_as_the_whole_does(tmp_path)
    assert whole.exists()


def test_icu_data_is_packed_as_it_was_read() -> None:
    header = struct.pack("<HBB", 32, 0xDA, 0x27) + bytes(4) + b"\0\0\2\0CmnD" + bytes(16)
    some = [
        ("icudt73l/a.res", b"x" * 16),
        ("icudt73l/coll/zh.res", b"y" * 48),
        ("icudt73l/root.res", b"z" * 16),
    ]
    data = icu.packed(header, some)
    assert icu.items(data) == (header, some)
    assert [name for name, _ in icu.items(icu.cut_down(data))[1]] == [
        "icudt73l/coll/zh.res",
        "icudt73l/root.res",
    ]
    for wrong in (
        b"",
        data[:40],
        b"\0" * 64,
        data.replace(b"CmnD", b"CmnE"),
        icu.packed(header, [("icudt73l/af", b"")]),
    ):
        with pytest.raises(icu.NotIcuData):
            icu.cut_down(wrong)


def test_a_library_goes_with_the_last_that_is_linked_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    linked = {
        "libqxcb.so": {"libxcb-icccm.so.4"},
        "libxcb-icccm.so.4": {"libxcb-util.so.1"},
        "libqgtk3.so": {"libpango.so"},
    }
    monkeypatch.setattr(layout, "needed", lambda path: linked.get(path.name, set()))
    monkeypatch.setattr(layout, "LINUX", True)
    plugins = "PySide6/Qt/plugins"
    names = [f"{plugins}/platforms/libqxcb.so", f"{plugins}/platformthemes/libqgtk3.so", "libxcb-icccm.so.4",
             "libxcb-util.so.1", "libthai.so.0", "libreadline.so.8", "PIL/_avif.cpython-311.so",
             "a.cpython-311-x86.so",
             "libpython3.11.so.1.0"]  # fmt: skip
    found = [(name, f"/there/{Path(name).name}", "BINARY") for name in names]
    links = [("one.so", "libxcb-util.so.1", "SYMLINK"), ("other.so", "libthai.so.0", "SYMLINK")]
    kept, data = layout.shipped(found, links)
    assert [Path(name).name for name, _, _ in kept] == [
        "libqxcb.so", "libxcb-icccm.so.4", "libxcb-util.so.1", "a.cpython-311-x86.so", "libpython3.11.so.1.0",
    ]  # fmt: skip
    assert data == links[:1]
