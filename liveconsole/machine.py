"""What the machine must bring for Qt: system libraries and fonts, and the line that installs them.

Standard library only and no Qt: `dev.py` asks here before anything is installed, `liveconsole doctor`
after (importing PySide6 itself fails where libGL or libEGL is missing, so it cannot be asked).
"""

from __future__ import annotations

import ctypes
import glob
import importlib.util
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

# soname -> package of it for apt-get, dnf, pacman, zypper. Found by trial on a bare Debian 12 and 13; a test
# holds the sonames against what Qt's own files are linked with.
_Row = tuple[str, str, str, str, str]
_NEEDED: tuple[_Row, ...] = (  # without these PySide6 cannot be imported, or no platform plugin starts
    ("libGL.so.1", "libgl1", "libglvnd-glx", "libglvnd", "libglvnd"),
    ("libEGL.so.1", "libegl1", "libglvnd-egl", "libglvnd", "libglvnd"),
    ("libX11.so.6", "libx11-6", "libX11", "libx11", "libX11-6"),
    ("libglib-2.0.so.0", "libglib2.0-0", "glib2", "glib2", "libglib-2_0-0"),
    ("libfontconfig.so.1", "libfontconfig1", "fontconfig", "fontconfig", "libfontconfig1"),
    ("libfreetype.so.6", "libfreetype6", "freetype", "freetype2", "libfreetype6"),
    ("libdbus-1.so.3", "libdbus-1-3", "dbus-libs", "dbus", "libdbus-1-3"),
    ("libxkbcommon.so.0", "libxkbcommon0", "libxkbcommon", "libxkbcommon", "libxkbcommon0"),
)
_FOR_A_WINDOW: tuple[_Row, ...] = (  # Qt's xcb plugin; a desk with no screen does without
    ("libxcb-cursor.so.0", "libxcb-cursor0", "xcb-util-cursor", "xcb-util-cursor", "libxcb-cursor0"),
    ("libxkbcommon-x11.so.0", "libxkbcommon-x11-0", "libxkbcommon-x11", "libxkbcommon-x11",
     "libxkbcommon-x11-0"),
    ("libxcb-icccm.so.4", "libxcb-icccm4", "xcb-util-wm", "xcb-util-wm", "libxcb-icccm4"),
    ("libxcb-keysyms.so.1", "libxcb-keysyms1", "xcb-util-keysyms", "xcb-util-keysyms", "libxcb-keysyms1"),
    ("libxcb-shape.so.0", "libxcb-shape0", "libxcb", "libxcb", "libxcb-shape0"),
    ("libxcb-xkb.so.1", "libxcb-xkb1", "libxcb", "libxcb", "libxcb-xkb1"),
    ("libxcb-randr.so.0", "libxcb-randr0", "libxcb", "libxcb", "libxcb-randr0"),
    ("libxcb-render-util.so.0", "libxcb-render-util0", "xcb-util-renderutil", "xcb-util-renderutil",
     "libxcb-render-util0"),
    ("libxcb-image.so.0", "libxcb-image0", "xcb-util-image", "xcb-util-image", "libxcb-image0"),
    ("libxcb-util.so.1", "libxcb-util1", "xcb-util", "xcb-util", "libxcb-util1"),
    ("libxcb-render.so.0", "libxcb-render0", "libxcb", "libxcb", "libxcb-render0"),
    ("libxcb-shm.so.0", "libxcb-shm0", "libxcb", "libxcb", "libxcb-shm0"),
    ("libxcb-sync.so.1", "libxcb-sync1", "libxcb", "libxcb", "libxcb-sync1"),
    ("libxcb-xfixes.so.0", "libxcb-xfixes0", "libxcb", "libxcb", "libxcb-xfixes0"),
    ("libxcb.so.1", "libxcb1", "libxcb", "libxcb", "libxcb1"),
    ("libX11-xcb.so.1", "libx11-xcb1", "libX11-xcb", "libx11", "libX11-xcb1"),
)  # fmt: skip
_FOR_WAYLAND: tuple[_Row, ...] = (
    ("libwayland-client.so.0", "libwayland-client0", "libwayland-client", "wayland", "libwayland-client0"),
    ("libwayland-cursor.so.0", "libwayland-cursor0", "libwayland-cursor", "wayland", "libwayland-cursor0"),
)
_PLATFORMS: Mapping[str, tuple[_Row, ...]] = {"xcb": _FOR_A_WINDOW, "wayland": _FOR_WAYLAND}
"""What opens a window on a screen, and what each way needs besides."""
_FONT: _Row = (
    "(a Chinese font)",
    "fonts-noto-cjk",
    "google-noto-sans-cjk-fonts",
    "noto-fonts-cjk",
    "google-noto-sans-cjk-fonts",
)
_EMOJI: _Row = (
    "(a font with emoji)",
    "fonts-noto-color-emoji",
    "google-noto-color-emoji-fonts",
    "noto-fonts-emoji",
    "google-noto-coloremoji-fonts",
)

_FAMILIES: Mapping[str, tuple[int, str]] = {  # os-release id -> column above, command
    "debian": (1, "apt-get install -y --no-install-recommends"),
    "ubuntu": (1, "apt-get install -y --no-install-recommends"),
    "fedora": (2, "dnf install -y"),
    "rhel": (2, "dnf install -y"),
    "arch": (3, "pacman -S --needed"),
    "suse": (4, "zypper install -y"),
}
_CHINESE_FONTS = ("cjk", "sourcehan", "source-han", "wqy", "droidsansfallback", "uming", "ukai", "pingfang")
_EMOJI_FONTS = ("emoji", "symbola", "seguiemj")


def missing_libraries(*, window: bool) -> list[str]:
    """Sonames that Qt needs and the loader does not find; always empty off Linux, where the wheel
    brings them. `window`: also what a window on an X11 screen needs."""
    return missing_for("xcb" if window else "")


def missing_for(platform: str) -> list[str]:
    """The same for a window that Qt's plugin of this name opens (`screen.platforms_that_answer`)."""
    if not sys.platform.startswith("linux"):
        return []
    rows = _NEEDED + _PLATFORMS.get(platform, ())
    return [row[0] for row in rows if not _loads(row[0])]


def has_qt_platform(name: str) -> bool:
    """Whether Qt has a plugin of that name (``QT_QPA_PLATFORM``); yes where its folder is not found."""
    found = importlib.util.find_spec("PySide6")
    for place in (found.submodule_search_locations or ()) if found is not None else ():
        folder = Path(place, "Qt", "plugins", "platforms")
        if folder.is_dir():
            return any(folder.glob(f"libq{glob.escape(name.split('-')[0])}.*"))
    return True


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
    rows = [row for row in _NEEDED + _FOR_A_WINDOW + _FOR_WAYLAND if row[0] in missing]
    rows += [_FONT] * font + [_EMOJI] * emoji
    names = [*dict.fromkeys(row[column] for row in rows), *(extra if column == 1 else ())]
    return f"{'' if is_root() else 'sudo '}{command} {' '.join(names)}" if names else None


def debian_packages() -> list[str]:
    """Every Debian package that `packaging/linux/install-deps.sh` has to install."""
    return [row[1] for row in (*_NEEDED, *_FOR_A_WINDOW, *_FOR_WAYLAND, _FONT, _EMOJI)]


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
