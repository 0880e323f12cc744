"""The browser part: exactly the files that this program's Playwright names, or nothing at all."""

from __future__ import annotations

import hashlib
import sys
import zipfile
from pathlib import Path

import pytest
from bundle import layout

from liveconsole import cli
from liveconsole.connectors.browser import finding, maps, part
from liveconsole.connectors.browser.maps import BadPageMap
from liveconsole.messages.connection_words import browser as browser_words
from liveconsole.respath import resources

playwright = pytest.importorskip("playwright")
NODE = "node.exe" if sys.platform == "win32" else "node"
FILES = {NODE: b"a runtime", "package/cli.js": b"run()", "LICENSE": b"free"}
LISTED = {name: (hashlib.sha256(body).hexdigest(), len(body)) for name, body in FILES.items()}


def zipped(to: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files.items():
            archive.writestr(f"playwright/driver/{name}", body)
    return to


def test_a_part_is_unpacked_whole_for_its_owner_alone(tmp_path: Path) -> None:
    file = zipped(tmp_path / "part.zip", FILES | {"../../evil": b"x", "more.txt": b"not listed"})
    place = part.add(file, tmp_path / "data", LISTED)
    assert {p.relative_to(place).as_posix(): p.read_bytes() for p in place.rglob("*") if p.is_file()} == FILES
    assert not list(tmp_path.rglob("evil"))
    if sys.platform != "win32":
        assert (place / NODE).stat().st_mode & 0o777 == 0o700
        assert place.parent.stat().st_mode & 0o077 == 0
    assert part.add(file, tmp_path / "data", LISTED) == place  # again, over itself


@pytest.mark.parametrize(
    ("files", "code"),
    [
        (FILES | {NODE: b"a runtimf"}, "part_other"),
        (FILES | {NODE: b"a runtime and more"}, "part_other"),
        (FILES | {"package/cli.js": b""}, "part_other"),
        ({name: body for name, body in FILES.items() if name != "LICENSE"}, "part_lacks"),
        ({}, "part_lacks"),
    ],
)
def test_what_is_not_this_program_s_part_leaves_nothing(
    tmp_path: Path, files: dict[str, bytes], code: str
) -> None:
    with pytest.raises(part.BadPart) as caught:
        part.add(zipped(tmp_path / "part.zip", files), tmp_path / "data", LISTED)
    assert caught.value.code == code in browser_words.WORDS
    assert not [p for p in (tmp_path / "data").rglob("*") if p.is_file()]


def test_a_bad_part_leaves_the_one_that_there_is(tmp_path: Path) -> None:
    place = part.add(zipped(tmp_path / "good.zip", FILES), tmp_path, LISTED)
    for bad in (zipped(tmp_path / "bad.zip", FILES | {"LICENSE": b"evil"}), tmp_path / "text.zip"):
        if not bad.exists():
            bad.write_bytes(b"not an archive")
        with pytest.raises(part.BadPart):
            part.add(bad, tmp_path, LISTED)
    assert (place / "LICENSE").read_bytes() == b"free"


def test_twin_without_the_sums_another_runtime_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def trusting(archive: zipfile.ZipFile, info: zipfile.ZipInfo, to: Path, *_: object) -> None:
        to.parent.mkdir(parents=True, exist_ok=True)
        to.write_bytes(archive.read(info))

    monkeypatch.setattr(part, "_unpack", trusting)
    place = part.add(zipped(tmp_path / "part.zip", FILES | {NODE: b"a runtimf"}), tmp_path, LISTED)
    assert (place / NODE).read_bytes() == b"a runtimf"


def test_the_program_knows_every_file_of_its_own_driver() -> None:
    wanted = part.wanted()
    assert {NODE, "package/cli.js"} <= set(wanted)
    root = Path(playwright.__file__).parent / "driver"
    for name in ("package/cli.js", "LICENSE"):
        body = (root / name).read_bytes()
        assert wanted[name] == (hashlib.sha256(body).hexdigest(), len(body))


def test_the_bundle_has_the_list_of_the_driver_and_not_the_driver() -> None:
    text = (Path(__file__).resolve().parents[3] / "build.spec").read_text("utf-8")
    assert layout.DROP.search(f"playwright/driver/{NODE}")
    assert layout.DROP.search("playwright/driver/package/cli.js")
    assert not layout.DROP.search("playwright/async_api/__init__.py")
    assert 'copy_metadata("playwright")' in text


def test_the_command_takes_a_part_or_says_why_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = zipped(tmp_path / "part.zip", FILES)
    assert cli.main(["browser", "--data", str(tmp_path), "part", str(file)]) == 1
    assert "不是这个版本的部件" in capsys.readouterr().out
    assert (
        cli.main(["browser", "--english", "--data", str(tmp_path), "part", str(tmp_path / "none.zip")]) == 1
    )
    assert cli.main(["browser", "--data", str(tmp_path), "check"]) in (0, 1)
    assert "视频号助手" in capsys.readouterr().out


def test_the_browser_that_is_named_is_the_one() -> None:
    def found(environ: dict[str, str], system: str, *there: str) -> str | None:
        names = {Path(path).name: path for path in there}
        return finding.executable(environ, system, is_file=lambda path: path in there, on_path=names.get)

    edge = r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe"
    assert found({"PROGRAMFILES(X86)": r"C:\Program Files (x86)"}, "win32", edge) == edge
    assert found({}, "linux", "/usr/bin/chromium", "/usr/bin/google-chrome") == "/usr/bin/google-chrome"
    assert found({finding.ENV: "/opt/mine"}, "linux", "/usr/bin/chromium") is None
    assert found({finding.ENV: "/opt/mine"}, "linux", "/opt/mine") == "/opt/mine"
    assert found({}, "darwin") is None


def test_every_shipped_map_can_be_used_and_says_that_it_is_unproven() -> None:
    assert set(maps.names()) == {
        "wechat_channels",
        "douyin_shop",
        "buyin",
        "xiaohongshu",
        "taobao",
        "kuaishou",
    }
    assert not any(maps.load(name).verified for name in maps.names())


GOOD = (resources() / "pages/kuaishou.toml").read_text("utf-8")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("goods =", "goods_page =", "goods_page"),
        (
            "https://zs.kwaixiaodian.com/page/helper",
            "https://evil.example/",
            "goods: not at one of the hosts",
        ),
        ('["开始讲解"]', "[]", "rows.button.pin"),
        ('["开始讲解"]', '["结束讲解"]', "both states"),
        ("seen_at = 2026-11-28", 'seen_at = "yesterday"', "seen_at"),
        ("\nverified = false", "\nagain_after_seconds = 900", "again_after_seconds"),
        ('hosts = ["zs.kwaixiaodian.com"]', "hosts = []", "hosts"),
        ("[rows]", "[rows", "line"),
    ],
)
def test_a_map_that_cannot_be_used_says_where(old: str, new: str, says: str) -> None:
    assert old in GOOD
    with pytest.raises(BadPageMap, match=says):
        maps.parse(GOOD.replace(old, new, 1).encode(), "kuaishou.toml")


def test_the_user_s_own_map_wins(tmp_path: Path) -> None:
    own = tmp_path / "pages" / "kuaishou.toml"
    own.parent.mkdir()
    own.write_text(GOOD.replace("快手小店", "我的快手"), "utf-8")
    assert maps.load("kuaishou", tmp_path).name == "我的快手"
    assert maps.load("kuaishou", tmp_path / "rehearsal").name == "我的快手"
    assert maps.load("kuaishou", tmp_path / "other").name == "快手小店"
    with pytest.raises(BadPageMap):
        maps.load("nowhere", tmp_path)


def test_a_map_is_copied_to_be_edited_and_never_over_what_was_edited(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["browser", "--data", str(tmp_path), "map", "kuaishou"]) == 0
    own = Path(capsys.readouterr().out.strip())
    assert own.read_text("utf-8") == GOOD
    own.write_text(GOOD.replace("快手小店", "我的快手"), "utf-8")
    assert cli.main(["browser", "--data", str(tmp_path), "map", "kuaishou"]) == 0
    assert maps.load("kuaishou", tmp_path).name == "我的快手"


@pytest.mark.parametrize(
    ("address", "belongs"),
    [
        ("https://zs.kwaixiaodian.com/page/helper?x=1", True),
        ("http://zs.kwaixiaodian.com/page/helper", False),
        ("https://zs.kwaixiaodian.com.evil.example/", False),
        ("https://zs.kwaixiaodian.com@evil.example/", False),
        ("javascript:alert(1)", False),
        ("file:///etc/passwd", False),
    ],
)
def test_an_address_is_the_console_s_by_its_whole_host(address: str, belongs: bool) -> None:
    assert maps.belongs(maps.load("kuaishou"), address) is belongs
