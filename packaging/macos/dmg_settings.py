"""Layout of the disk image: dmgbuild -s packaging/macos/dmg_settings.py LiveConsole dist/LiveConsole.dmg"""

format = "UDZO"
files = ["dist/LiveConsole.app"]
symlinks = {"Applications": "/Applications"}
window_rect = ((200, 200), (520, 320))
icon_size = 96
icon_locations = {"LiveConsole.app": (130, 140), "Applications": (390, 140)}
