"""Checks a file of evidence without the engine: the seal over it, and every event against its link.

Python's own library is enough, and nothing of the program is used: ``python verify_evidence.py FILE``. What a
link proves it proves together with the log, or with a receipt or backup that names a later one; held against
the log (``liveconsole evidence --check FILE --data DIR``) both are seen.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from hashlib import sha256
from pathlib import Path
from typing import Any

FORMAT = "liveconsole/evidence/1"
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)  # noqa: UP017  # runs on older Pythons too


def main(argv: Sequence[str] | None = None) -> int:
    """0: it is as it was made; 1: it is not, and the first fault is named; 2: it cannot be read."""
    words = list(sys.argv[1:] if argv is None else argv)
    if len(words) != 1:
        sys.stderr.write("usage: verify_evidence.py FILE\n")
        return 2
    try:
        found = json.loads(Path(words[0]).read_text("utf-8"))
    except (OSError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    wrong = faults(found)
    sys.stdout.write(f"{wrong[0]}\n" if wrong else f"as it was made: {len(events_of(found))} events\n")
    return 1 if wrong else 0


def faults(found: Any, links: Mapping[int, str] | None = None) -> list[str]:
    """Return what is wrong with a file; nothing where all of it holds.

    Args:
        links: seq → link of the log that it is held against.
    """
    try:
        return list(_faults(found, links))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return [f"not a file of evidence: {error!r}"]


def events_of(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return every event in it, in the order of the log."""
    parts = found["events"]
    return sorted((one for name in parts for one in parts[name]), key=lambda one: int(one["seq"]))


def _faults(found: Any, links: Mapping[int, str] | None) -> list[str]:
    wrong = []
    if found["format"] != FORMAT:
        return [f"another format: {found['format']}"]
    body = {name: value for name, value in found.items() if name != "seal"}
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    if sha256(text.encode()).hexdigest() != found["seal"]["sha256"]:
        wrong.append("the seal is of another file")
    last, before = 0, ""
    for event in events_of(found):
        seq = int(event["seq"])
        wrong += [f"event {seq}: {why}" for why in _of_event(event)]
        if seq <= last:
            wrong.append(f"event {seq}: twice")
        if seq == last + 1 and last and event["before"] != before:
            wrong.append(f"event {seq}: does not follow the one before it")
        if links is not None and links.get(seq) != event["link"]:
            wrong.append(f"event {seq}: the log has another")
        last, before = seq, event["link"]
    if links is not None:
        head = found["log"]["head"]
        if links.get(int(head["seq"])) != head["link"]:
            wrong.append(f"event {head['seq']}: the log has another head")
    return wrong


def _of_event(event: Mapping[str, Any]) -> list[str]:
    moment = datetime.fromisoformat(event["at"])
    if (moment - _EPOCH) // timedelta(microseconds=1) != event["at_us"]:
        return ["its time is told twice, and differs"]
    line = json.dumps(
        [event[name] for name in ("seq", "type", "at_us", "actor", "source", "id", "time")],
        ensure_ascii=False,
        separators=(",", ":"),
    )
    hashed = event.get("data_sha256") or sha256(event["data"].encode()).hexdigest()
    link = sha256(bytes.fromhex(event["before"]) + bytes.fromhex(hashed) + line.encode()).hexdigest()
    return [] if link == event["link"] else ["is not as it was written"]


if __name__ == "__main__":
    sys.exit(main())
