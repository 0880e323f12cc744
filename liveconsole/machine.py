"""What the machine must bring for Qt: system libraries and fonts, and the line that installs them.

Standard library only and no Qt: `dev.py` asks here before anything is installed, `liveconsole doctor`
after (importing PySide6 itself fails where libGL or libEGL is missing, so it cannot be asked).
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

# soname -> package of it on each family of distributions. Found by trial on a bare Debian 12.
_Row = tuple[str, str, str, str]
_NEEDED: tuple[_Row, ...] = (  # without these PySide6 cannot be imported, or no platform plugin starts
    ("libGL.so.1", "libgl1", "libglvnd-glx", "libglvnd"),
    ("libEGL.so.1", "libegl1", "libglvnd-egl", "libglvnd"),
    ("libglib-2.0.so.0", "libglib2.0-0", "glib2", "glib2"),
    ("libfontconfig.so.1", "libfontconfig1", "fontconfig", "fontconfig"),
    ("libdbus-1.so.3", "libdbus-1-3", "dbus-libs", "dbus"),
    ("libxkbcommon.so.0", "libxkbcommon0", "libxkbcommon", "libxkbcommon"),
)
_FOR_A_WINDOW: tuple[_Row, ...] = (  # Qt's xcb plugin; a desk with no screen does without
    ("libxcb-cursor.so.0", "libxcb-cursor0", "xcb-util-cursor", "xcb-util-cursor"),
    ("libxkbcommon-x11.so.0", "libxkbcommon-x11-0", "libxkbcommon-x11", "libxkbcommon-x11"),
    ("libxcb-icccm.so.4", "libxcb-icccm4", "xcb-util-wm", "xcb-util-wm"),
    ("libxcb-keysyms.so.1", "libxcb-keysyms1", "xcb-util-keysyms", "xcb-util-keysyms"),
    ("libxcb-shape.so.0", "libxcb-shape0", "libxcb", "libxcb"),
    ("libxcb-xkb.so.1", "libxcb-xkb1", "libxcb", "libxcb"),
    ("libxcb-randr.so.0", "libxcb-randr0", "libxcb", "libxcb"),
    ("libxcb-render-util.so.0", "libxcb-render-util0", "xcb-util-renderutil", "xcb-util-renderutil"),
    ("libxcb-image.so.0", "libxcb-image0", "xcb-util-image", "xcb-util-image"),
)
_FONT: _Row = ("(a Chinese font)", "fonts-noto-cjk", "google-noto-sans-cjk-fonts", "noto-fonts-cjk")
_EMOJI: _Row = (
    "(a font with emoji)",
    "fonts-noto-color-emoji",
    "google-noto-color-emoji-fonts",
    "noto-fonts-emoji",
)

_FAMILIES: Mapping[str, tuple[int, str]] = {  # os-release id -> column above, command
    "debian": (1, "apt-get install -y --no-install-recommends"),
    "ubuntu": (1, "apt-get install -y --no-install-recommends"),
    "fedora": (2, "dnf install -y"),
    "rhel": (2, "dnf install -y"),
    "arch": (3, "pacman -S --needed"),
}
_CHINESE_FONTS = ("cjk", "sourcehan", "source-han", "wqy", "droidsansfallback", "uming", "ukai", "pingfang")
_EMOJI_FONTS = ("emoji", "symbola", "seguiemj")


def missing_libraries(*, window: bool) -> list[str]:
    """Sonames that Qt needs and the loader does not find; always empty off Linux, where the wheel
    brings them. `window`: also what a window on a screen needs."""
    if not sys.platform.startswith("linux"):
        return []
    rows = _NEEDED + (_FOR_A_WINDOW if window else ())
    return [row[0] for row in rows if not _loads(row[0])]


def has_chinese_font() -> bool:
    """Whether a font with Chinese is installed, told by file name; Windows and macOS bring theirs."""
    if not sys.platform.startswith("linux"):
        return True
    return _has_font(_CHINESE_FONTS)


def has_emoji_font() -> bool:
    """Whether a font with emoji is installed: viewers' names and comments are full of them."""
    return not sys.platform.startswith("linux") or _has_font(_EMOJI_FONTS)


def mending_line(
    missing: list[str], *, font: bool, emoji: bool = False, extra: tuple[str, ...] = ()
) -> str | None:
    """The one line a person types to install `missing` sonames (and fonts) here, or None where the
    distribution is not known. `extra`: further Debian packages, such as python3-venv."""
    family = _family(_os_release())
    if family is None:
        return None
    column, command = family
    rows = [row for row in _NEEDED + _FOR_A_WINDOW if row[0] in missing]
    rows += [_FONT] * font + [_EMOJI] * emoji
    names = [*dict.fromkeys(row[column] for row in rows), *(extra if column == 1 else ())]
    return f"{'' if is_root() else 'sudo '}{command} {' '.join(names)}" if names else None


def debian_packages() -> list[str]:
    """Every Debian package that `packaging/linux/install-deps.sh` has to install."""
    return [row[1] for row in (*_NEEDED, *_FOR_A_WINDOW, _FONT, _EMOJI)]


def is_debian() -> bool:
    """Whether apt-get is the way to install here."""
    family = _family(_os_release())
    return family is not None and family[0] == 1


def is_root() -> bool:
    """Whether this process may install system packages."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _loads(soname: str) -> bool:
    try:
        ctypes.CDLL(soname)
    except OSError:
        return False
    return True


def _font_files() -> Iterator[str]:
    home = Path.home()
    shared = [Path(p) / "fonts" for p in os.environ.get("XDG_DATA_DIRS", "").split(":") if p]
    folders = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), home / ".fonts", *shared]
    for folder in (*folders, home / ".local/share/fonts"):
        for _, _, names in os.walk(folder):
            yield from names


def _has_font(words: tuple[str, ...]) -> bool:
    names = (name.lower() for name in _font_files())
    return any(name.endswith((".ttf", ".ttc", ".otf")) and any(w in name for w in words) for name in names)


def _os_release() -> dict[str, str]:
    try:
        text = Path("/etc/os-release").read_text("utf-8")
    except OSError:
        return {}
    pairs = (line.split("=", 1) for line in text.splitlines() if "=" in line)
    return {key: value.strip("\"'") for key, value in pairs}


def _family(release: Mapping[str, str]) -> tuple[int, str] | None:
    for name in (release.get("ID", ""), *release.get("ID_LIKE", "").split()):
        if name in _FAMILIES:
            return _FAMILIES[name]
    return None
