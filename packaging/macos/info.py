"""What macOS is told of LiveConsole.app: build.spec hands it to PyInstaller's BUNDLE."""

from __future__ import annotations

from typing import Any

IDENTIFIER = "io.github.live_room_console.LiveConsole"


def info_plist(version: str) -> dict[str, Any]:
    """The keys of Info.plist that are ours."""
    return {
        "CFBundleExecutable": "liveconsole-desk",
        "CFBundleDisplayName": "LiveConsole",
        "CFBundleShortVersionString": version,
        "CFBundleVersion": version,
        "CFBundleDevelopmentRegion": "zh_CN",
        "CFBundleLocalizations": ["zh_CN", "en"],
        "LSApplicationCategoryType": "public.app-category.business",
        "LSMinimumSystemVersion": "13.0",  # that of the wheels of Qt
        "NSHighResolutionCapable": True,
        "NSHumanReadableCopyright": "MIT licence",
        # From macOS 15 on the system asks once before a program speaks with others of the network: shared
        # seats, OBS on another computer.
        "NSLocalNetworkUsageDescription": "同一间屋子里的电脑、手机和 OBS 要和控制台说话。"
        " Computers, phones and OBS of the studio speak with the console.",
    }
