"""What a release says of itself: SHA256SUMS, and the signed latest.json that programs ask for.

    python packaging/release/make_latest.py key KEYFILE NAME       a new key: the public half goes into
                                                                   resources/update/source.json
    python packaging/release/make_latest.py version TAG            whether vX.Y.Z is the version that stands everywhere
    python packaging/release/make_latest.py ready [NAME]           whether address and key stand in source.json, and
                                                                   $RELEASE_KEY is the other half of that key
    python packaging/release/make_latest.py sums DIST              DIST/SHA256SUMS of what is given out
    python packaging/release/make_latest.py sign DIST NAME         DIST/latest.json; the private key from the file
                                                                   $LIVECONSOLE_RELEASE_KEY_FILE names
    python packaging/release/make_latest.py winget DIST            DIST/winget/ with the manifests of this version
    python packaging/release/make_latest.py check DIST             as a program reads it, and each file against it

Run by the project's own Python (.venv). docs/releasing.md says when.
"""  # noqa: E501  # as it is typed

from __future__ import annotations

import argparse
import base64
import hashlib
import os
import re
import sys
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

import msgspec
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from liveconsole import __version__  # noqa: E402
from liveconsole.paths import write_own  # noqa: E402
from liveconsole.updates import checking, fetching, notice  # noqa: E402

KEY_ENV = "LIVECONSOLE_RELEASE_KEY_FILE"
NO_ADDRESS = "no address in resources/update/source.json: docs/releasing.md says how to set it"
GOOD_FOR = timedelta(days=200)
"""A notice is signed anew before that, also without a new version."""
OLDEST_SCHEMA = 1
"""The oldest tables that this version brings up to date: every revision since the first is kept."""
SYSTEMS = {".deb": "linux", ".rpm": "linux", ".AppImage": "linux", ".exe": "windows", ".dmg": "macos"}
_NOBODYS = frozenset({"example", "invalid", "localhost", "test"})
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,30}")


class NotMade(Exception):
    """Said to whoever releases, as it stands."""


def given_out(dist: Path, version: str = __version__) -> list[Path]:
    """What of a folder is for people: a file of each kind, with the version in its name."""
    found = [path for path in sorted(dist.iterdir()) if path.suffix in SYSTEMS and path.is_file()]
    if not found:
        raise NotMade(f"nothing to give out lies in {dist}")
    if strange := [path.name for path in found if version not in path.name]:
        raise NotMade(f"not of version {version}: {', '.join(strange)}")
    return found


def make_key(file: Path, name: str) -> str:
    """Write a new private key, owner-only, and return the line with its public half."""
    if file.exists():
        raise NotMade(f"{file} is there: a key is never written over")
    if _NAME.fullmatch(name) is None:
        raise NotMade("a key's name is small letters, digits and -")
    key = Ed25519PrivateKey.generate()
    write_own(file.absolute(), base64.b64encode(key.private_bytes_raw()) + b"\n")
    return f'"{name}": "{public_of(key)}"'


def public_of(key: Ed25519PrivateKey) -> str:
    """The public half as source.json has it."""
    raw = key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return base64.b64encode(raw).decode()


def private(secret: str) -> Ed25519PrivateKey:
    """The key that a text in base64 is."""
    try:
        return Ed25519PrivateKey.from_private_bytes(base64.b64decode(secret.strip(), validate=True))
    except ValueError as error:
        raise NotMade(f"that is no key: {error}") from error


def key_in(file: Path) -> Ed25519PrivateKey:
    try:
        return private(file.read_text("ascii"))
    except (OSError, ValueError, NotMade) as error:
        raise NotMade(f"no key in {file}: {error}") from error


def notes_of(version: str, folder: Path = ROOT / "packaging/release/notes") -> notice.ReleaseNotes:
    """What is new in a version, in both languages."""
    file = folder / f"{version}.toml"
    try:
        told = tomllib.loads(file.read_text("utf-8"))
        return notice.ReleaseNotes(told["zh"].strip(), told["en"].strip())
    except (OSError, KeyError, ValueError) as error:
        raise NotMade(f"no notes of {version} in {file}: {error}") from error


def described(path: Path) -> notice.ReleaseFile:
    """A file as the notice names it."""
    with open(path, "rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return notice.ReleaseFile(path.name, SYSTEMS[path.suffix], path.stat().st_size, digest)


def sign(
    dist: Path, key: Ed25519PrivateKey, name: str, source: notice.ReleaseSource, now: datetime
) -> notice.ReleaseNotice:
    """Write latest.json for what lies in `dist`; what comes out is read back as a program reads it."""
    told = notice.ReleaseNotice(
        product=notice.PRODUCT,
        version=__version__,
        date=now.replace(microsecond=0),
        expires=(now + GOOD_FOR).replace(microsecond=0),
        page=page_of(source),
        notes=notes_of(__version__),
        oldest_schema=OLDEST_SCHEMA,
        files=[described(path) for path in given_out(dist)],
    )
    payload = msgspec.json.encode(told)
    raw = notice.envelope(payload, {name: key.sign(notice.signed_bytes(payload))})
    try:
        notice.read_notice(raw, source, now)
    except notice.UpdateRefused as why:
        raise NotMade(f"a program would refuse it ({why.code}): is {name} in source.json?") from why
    (dist / "latest.json").write_bytes(raw + b"\n")
    return told


def check(dist: Path, source: notice.ReleaseSource, now: datetime) -> notice.ReleaseNotice:
    """Read latest.json as a program does, and hold each file against it."""
    try:
        told = checking.offer_of((dist / "latest.json").read_bytes(), source, now, running="0.0.0")[1]
    except (notice.UpdateRefused, OSError) as why:
        raise NotMade(f"latest.json is not believed: {why}") from why
    if told.files != [described(path) for path in given_out(dist, told.version)]:
        raise NotMade("latest.json does not name what lies beside it")
    return told


def check_version(tag: str) -> None:
    """Hold a tag against the version, its notes and the changelog."""
    if tag != f"v{__version__}":
        raise NotMade(f"the tag {tag} is not v{__version__}")
    notes_of(__version__)
    head = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    if head is None or head[1] != __version__:
        raise NotMade(f"CHANGELOG.md does not begin with {__version__}")


def ready(source: notice.ReleaseSource, secret: str, name: str = "release") -> None:
    """Hold what programs will ask and believe against the key that signs: what is given out must be able
    to hear of the next version. ``secret``: the private key, base64."""
    try:
        address = fetching.checked(source.address)
    except notice.UpdateRefused as why:
        raise NotMade(NO_ADDRESS) from why
    host = source.host.rpartition(".")[2]
    if not address.startswith("https://") or host in _NOBODYS:
        raise NotMade(f"{address} is an address of nobody's: programs would ask there for ever")
    if name not in source.keys:
        raise NotMade(f"no key {name} in resources/update/source.json: docs/releasing.md says how to set it")
    if not secret:
        raise NotMade("RELEASE_KEY is not given: what is given out could never tell of the next version")
    if public_of(private(secret)) != source.keys[name]:
        raise NotMade(f"RELEASE_KEY is not the other half of {name} in resources/update/source.json")


def sums(dist: Path) -> list[str]:
    """Write SHA256SUMS of what is given out, in the way of `sha256sum -c`."""
    lines = [f"{one.sha256}  {one.name}\n" for one in map(described, given_out(dist))]
    (dist / "SHA256SUMS").write_text("".join(lines), "utf-8", newline="\n")
    return lines


def winget(dist: Path, source: notice.ReleaseSource, now: datetime) -> list[Path]:
    """Write winget's manifests of this version, filled in from the installer that lies there."""
    installers = [path for path in given_out(dist) if path.suffix == ".exe"]
    if len(installers) != 1:
        raise NotMade(f"{len(installers)} installers for Windows lie in {dist}, not one")
    one = described(installers[0])
    known = {
        "VERSION": __version__,
        "DATE": now.date().isoformat(),
        "URL": f"{page_of(source)}{one.name}",
        "SHA256": one.sha256.upper(),
    }
    to = dist / "winget" / __version__
    to.mkdir(parents=True, exist_ok=True)
    made = []
    for form in sorted((ROOT / "packaging/windows/winget").glob("*.yaml")):
        kind = "" if form.stem == "version" else f".{form.stem}"
        made.append(to / f"LiveConsole.LiveConsole{kind}.yaml")
        made[-1].write_text(Template(form.read_text("utf-8")).substitute(known, schema="$schema"), "utf-8")
    return made


def page_of(source: notice.ReleaseSource) -> str:
    """The download page of this version, its files beside it."""
    if not source.host:
        raise NotMade(NO_ADDRESS)
    return f"https://{urlsplit(source.address).netloc}/download/{__version__}/"


def main(argv: list[str]) -> int:
    words = argparse.ArgumentParser(prog="make_latest.py")
    deeds = words.add_subparsers(dest="deed", required=True)
    making = deeds.add_parser("key")
    making.add_argument("file", type=Path)
    making.add_argument("name")
    deeds.add_parser("version").add_argument("tag")
    deeds.add_parser("ready").add_argument("name", nargs="?", default="release")
    for deed in ("sums", "sign", "winget", "check"):
        one = deeds.add_parser(deed)
        one.add_argument("dist", type=Path)
        if deed == "sign":
            one.add_argument("name")
    args = words.parse_args(argv)
    now = datetime.now(UTC)
    try:
        if args.deed == "key":
            sys.stdout.write(make_key(args.file, args.name) + "\n")
        elif args.deed == "version":
            check_version(args.tag)
        elif args.deed == "ready":
            ready(checking.built_in(), os.environ.get("RELEASE_KEY", ""), args.name)
        elif args.deed == "sums":
            sys.stdout.writelines(sums(args.dist))
        elif args.deed == "winget":
            sys.stdout.writelines(f"{path}\n" for path in winget(args.dist, checking.built_in(), now))
        elif args.deed == "sign":
            if not (named := os.environ.get(KEY_ENV)):
                raise NotMade(f"{KEY_ENV} names no key")
            told = sign(args.dist, key_in(Path(named)), args.name, checking.built_in(), now)
            sys.stdout.write(f"latest.json: {told.version}, {len(told.files)} files\n")
        else:
            told = check(args.dist, checking.built_in(), now)
            sys.stdout.write(f"{told.version} until {told.expires:%Y-%m-%d}: {len(told.files)} files agree\n")
    except NotMade as why:
        sys.stderr.write(f"{why}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
