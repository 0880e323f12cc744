"""OBS: code → (zh, en)."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "no_secret": (
        "OBS 要密码，这里还没有保存：OBS → 工具 → WebSocket 服务器设置 → 显示连接信息",
        "OBS wants a password and none is saved here: it stands in OBS → Tools → WebSocket Server Settings",
    ),
    "secret_unreadable": (
        "保存密码的文件读不了：不会去连，改好后自动再连",
        "The file with the password cannot be read; once it can, OBS is connected again",
    ),
    "wrong_password": (
        "密码不对：同一个密码不再试，换了密码就自动再连",
        "Wrong password: it is not tried again; once another one is saved, OBS is connected",
    ),
    "kicked": (
        "OBS 那边把这个连接断开了：不会自己再连，要连请按「连接」",
        "OBS turned this connection out: it does not come back by itself, press Connect",
    ),
    "away": (
        "连不上 OBS：没打开，或没开 WebSocket 服务器。打开后自动连上",
        "OBS does not answer: it is not open, or its WebSocket server is off; it is connected once it is",
    ),
    "silent": ("OBS 没有回应：可能卡住了，一直在重试", "OBS does not respond: it may hang; trying again"),
    "loading": ("OBS 正在加载，马上再连", "OBS is loading; trying again"),
    "not_obs": ("这个地址上的不是 OBS 的 WebSocket 5", "What answers there is not OBS with WebSocket 5"),
    "too_old": ("这个 OBS 的 WebSocket 版本太旧：请更新 OBS", "This OBS is too old: please update it"),
    "refused": ("OBS 拒绝了 {request}（{status} {comment}）", "OBS refused {request} ({status} {comment})"),
    "no_scene": ("OBS 里没有场景「{scene}」", "OBS has no scene “{scene}”"),
    "no_text": ("OBS 里没有文字来源「{source}」", "OBS has no text source “{source}”"),
    "not_a_text": (
        "「{source}」不是文字来源，不会往里写",
        "“{source}” is not a text source; nothing is written to it",
    ),
    "unknown_field": (
        "「{source}」的文字里有不认识的 {{{field}}}：这条不写",
        "The text of “{source}” names {{{field}}}, which there is not: it is not written",
    ),
    "scene_not_shown": (
        "让 OBS 切到「{scene}」，读回来是「{shown}」",
        "OBS was told to show “{scene}” and shows “{shown}”",
    ),
    "text_not_shown": (
        "「{source}」的文字写了，读回来不一样",
        "The text of “{source}” was written and reads otherwise",
    ),
    "no_chapters": (
        "这个 OBS 不能做录像章节（要 30.2 以上）：其他照常",
        "This OBS makes no chapters of a recording (30.2 does); all else goes on",
    ),
    "chapters_refused": (
        "这种录像格式不能做章节（要混合 MP4）：换了格式，下次录像再试",
        "This format of recording takes no chapters (Hybrid MP4 does); tried again with the next recording",
    ),
    "by_hand": (
        "有人在 OBS 里切到了「{scene}」（本该是「{wanted}」）：不去改，下一次换画面时再跟",
        "Somebody switched OBS to “{scene}” (wanted was “{wanted}”): it stays until the next change here",
    ),
    "follows": ("OBS 跟着走：场景和文字都读回来核对过", "OBS follows: its scene and texts were read back"),
    "nothing_wanted": (
        "连上了；现在没有要跟的场景或文字，所以没有可核对的",
        "Connected; no scene and no text is wanted now, so there is nothing to compare",
    ),
    "not_yet": ("OBS 还没显示这里要的画面", "OBS does not show yet what is wanted here"),
    "overlay_made": (
        "浮层来源「{source}」放进了场景「{scene}」",
        "The overlay “{source}” was put into the scene “{scene}”",
    ),
    "no_browser_source": (
        "这个 OBS 没有「浏览器」来源：请装官方版 OBS，或在别的程序里打开浮层地址",
        "This OBS has no browser source: install the official OBS, or open the overlay's address elsewhere",
    ),
    "elsewhere": (
        "OBS 在另一台电脑上，那边打不开浮层",
        "OBS is on another computer, from where the overlay cannot be opened",
    ),
    "no_address": ("浮层的地址还没有：稍等再按", "The overlay has no address yet: press again in a moment"),
    "name_taken": (
        "OBS 里已经有一个叫「{source}」的来源，不是浏览器：请先改名",
        "OBS has a source “{source}” that is no browser: rename it first",
    ),
    "overlay_differs": (
        "来源「{source}」建了，读回来不一样",
        "The source “{source}” was made and reads otherwise",
    ),
}
REMARKS: Final[frozenset[str]] = frozenset({"by_hand", "chapters_refused", "no_chapters"})
"""See `connection_words.REMARKS`."""
