"""What is said about updates, in Chinese and English: each reason why nothing is offered, in one place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

UPDATE_WORDS: Final[dict[str, tuple[str, str]]] = {
    "newest": ("已经是最新版本 {version}", "This is the newest version, {version}"),
    "newer": ("有新版本 {version}（{date}）", "There is a newer version, {version} ({date})"),
    "page": ("下载页：{page}", "Download page: {page}"),
    "too_old": (
        "这里的数据太旧，{version} 不能直接打开：先装下载页上写的中间版本",
        "The data here is too old for {version}: install the version between that its page names first",
    ),
    "on_air": (
        "有 {rooms} 个直播间或排练正在进行：下播以后再查更新",
        "{rooms} rooms or rehearsals are on air: look for updates afterwards",
    ),
    "not_set_up": (
        "发布这个程序的人没有设置更新：这里查不到有没有新版本，请到拿到它的地方看",
        "Its publisher has not set up updates for this program, so it cannot look for a newer version: look"
        " where you got it",
    ),
    "set_up": (
        "新版本的消息在 {host}，签了名；你同意以后才去看",
        "News of a newer version is at {host}, signed; it is looked at once you agreed",
    ),
    "installed": (
        "新版本 {version} 已经装好，这里还是 {ours}：下次打开时用上",
        "Version {version} is installed; this is still {ours}. The next start uses it",
    ),
    "engine_older": (
        "引擎还是旧版本 {engine}：下次启动时用上 {ours}",
        "The engine is still version {engine}; its next start uses {ours}",
    ),
    "other_version": (
        "引擎是 {engine} 版，这里是 {ours} 版，互相读不懂：关掉程序再打开，还不行就装同一个版本",
        "The engine is version {engine}, this is {ours}, and they do not understand each other: close the"
        " program and open it again; if that does not help install the same version on both sides",
    ),
    "no_network": (
        "连不上发布的地址，大概没有网；不影响使用，以后再查",
        "The release address is not reached, perhaps there is no network; nothing else needs it",
    ),
    "proxy": (
        "系统的代理不让连，或者是不支持的代理；不影响使用",
        "The system's proxy does not let us, or is of a kind that is not supported; nothing else needs it",
    ),
    "too_slow": (
        "{seconds} 秒没有答完，以后再查",
        "It did not answer within {seconds} s; try later",
    ),
    "status": ("发布的地址回答 {status}，以后再查", "The release address answered {status}; try later"),
    "sent_on": (
        "发布的地址转到了别处，没有跟过去",
        "The release address sends elsewhere; it was not followed",
    ),
    "bad_address": (
        "只能用 https 的地址，或者一个文件",
        "Only an https address or a file can be asked",
    ),
    "too_long": ("答复太长，不是更新消息，没有读", "The answer is too long to be a notice; it was not read"),
    "not_whole": (
        "更新消息不完整，没有采用",
        "The notice is not whole; it is not believed",
    ),
    "unknown_key": (
        "更新消息不是用我们的钥匙签的，没有采用",
        "The notice is not signed by a key of ours; it is not believed",
    ),
    "bad_signature": (
        "更新消息的签名不对，可能被改过，没有采用",
        "The signature of the notice is wrong, it may have been changed; it is not believed",
    ),
    "not_read": (
        "更新消息的写法这个版本不认识，请到下载的地方看",
        "This version does not know how the notice is written; look where you got the program",
    ),
    "other_product": (
        "这是别的程序的更新消息，没有采用",
        "The notice is of another program; it is not believed",
    ),
    "clock": (
        "更新消息的日期在后天以后：电脑的日期可能不对",
        "The notice is dated in the future: this computer's date may be wrong",
    ),
    "stale": (
        "更新消息 {date} 已经过期，没有采用；电脑的日期对的话，过几天再查",
        "The notice expired on {date}; it is not believed. If the date here is right, try in some days",
    ),
    "replayed": (
        "这条更新消息比以前看到的还旧，没有采用",
        "The notice is older than one seen before; it is not believed",
    ),
    "older": (
        "公布的是更旧的版本 {version}，没有采用",
        "What is announced is an older version, {version}; it is not offered",
    ),
    "bad_page": (
        "下载页不在发布的网站上，没有采用",
        "The download page is not on the release host; it is not believed",
    ),
    "no_browser": (
        "浏览器没有打开。地址：{page}",
        "The browser did not open. The address: {page}",
    ),
}


def update_words(code: str, params: Mapping[str, object], *, english: bool = False) -> str:
    """Return the sentence of a code; an unknown code is shown as itself."""
    return UPDATE_WORDS.get(code, (code, code))[english].format_map(params)
