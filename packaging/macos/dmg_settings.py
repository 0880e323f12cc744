"""Layout of the disk image: dmgbuild -s packaging/macos/dmg_settings.py LiveConsole dist/LiveConsole.dmg

`-D app=…` names another program than dist/LiveConsole.app. Executed by dmgbuild, which reads these names.
"""

app = defines.get("app", "dist/LiveConsole.app")  # type: ignore[name-defined]  # noqa: F821  # dmgbuild's
format = "UDZO"
filesystem = "HFS+"
files = [app]
symlinks = {"Applications": "/Applications"}
icon = "packaging/macos/app.icns"
window_rect = ((200, 200), (520, 320))
default_view = "icon-view"
icon_size = 96
text_size = 13
icon_locations = {"LiveConsole.app": (130, 140), "Applications": (390, 140)}
license = {
    "default-language": "en_US",
    "licenses": {"en_US": "LICENSE"},
}
