"""Words that say at which broker an engine serves, and with which key."""

from __future__ import annotations

import argparse
import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

from liveconsole.messages.refusals import word

if TYPE_CHECKING:
    from liveconsole.bus.nats.dialing import BrokerAt

_AUTHORITY_MOST = 64 * 1024


class NoBroker(Exception):
    """What was said of a broker cannot be used; ``str`` says why, in both languages."""


def add_broker_words(words: argparse.ArgumentParser) -> None:
    """``--nats`` and what goes with it."""
    words.add_argument(
        "--nats",
        metavar="URL",
        help="serve at a broker as well: tls://HOST:PORT, several after commas; see `liveconsole nats`",
    )
    words.add_argument(
        "--nats-credentials", type=Path, metavar="FILE", help="holds this engine's seed; else its own"
    )
    words.add_argument(
        "--nats-ca", type=Path, metavar="FILE", help="the broker's certificate authority; else the studio's"
    )


def broker_of(args: argparse.Namespace, data: Path) -> BrokerAt | None:
    """Return the broker that the words name; None: none. Blocks.

    Raises:
        NoBroker: the address is none, or the key or certificate is not to be had.
    """
    if args.nats is None:
        return None
    from liveconsole.bus.nats.dialing import BadUrl, BrokerAt, read_urls
    from liveconsole.bus.nats.folder import BrokerFiles, engine_seed_of, folder_of, place_of
    from liveconsole.bus.nats.keys import MISSING, NatsMissing, kept_seed, read_seed
    from liveconsole.paths import own_folder

    if importlib.util.find_spec("nats") is None:
        raise NoBroker(_both(MISSING))
    try:
        urls = read_urls(args.nats)
        if args.nats_credentials is not None:
            seed = read_seed(args.nats_credentials)
        else:
            own_folder(engine_seed_of(data).parent)
            seed = kept_seed(engine_seed_of(data))
        if not urls[0].startswith("tls://"):
            return BrokerAt(urls, seed)
        if args.nats_ca is not None:
            authority = args.nats_ca.read_bytes()[:_AUTHORITY_MOST].decode("ascii", "replace")
            _check(authority, args.nats_ca)
            return BrokerAt(urls, seed, authority)
        place = place_of(data)
        if place is None:
            raise NoBroker(_both("nats_no_authority"))
        authority = BrokerFiles(data, place, "").authority
        _check(authority, folder_of(data, place))
        return BrokerAt(urls, seed, authority)
    except BadUrl as error:
        raise NoBroker(_both(error.why)) from error
    except NatsMissing as error:
        raise NoBroker(_both(MISSING)) from error
    except (ValueError, OSError) as error:  # also a `BadKey`, and a file of other bytes than letters
        raise NoBroker(str(error)) from error


def _check(authority: str, where: Path) -> None:
    """Look at it before an engine is started that no broker could ever be known by. Raises NoBroker."""
    from liveconsole.bus.nats.dialing import BadAuthority, trusted_by

    try:
        trusted_by(authority)
    except BadAuthority as error:
        raise NoBroker(f"{where}: {error}") from error


def _both(code: str) -> str:
    return f"{word(code, {})} / {word(code, {}, english=True)}"
