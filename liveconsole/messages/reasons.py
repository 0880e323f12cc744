"""Why a platform did not do what it was asked: one line of the log that both languages can be made of.

It is ``connection.code`` with, where its sentence names something, a JSON object behind it:
``shop.sale_there {"title":"围巾","task_id":"12345678"}``. Whatever else a reason is stands as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from liveconsole.messages.connection_words import WORDS, connection_words
from liveconsole.messages.refusals import TEXTS, word
from liveconsole.messages.unreadable import UNREADABLE

_LONGEST: Final = 40
"""Characters of one named thing: the whole stands within what an answer's reason may have."""
_WRITTEN: Final = re.compile(r"(\w+)\.(\w+)(?: (\{.*\}))?", re.DOTALL)


def reason_of(connection: str, code: str, params: Mapping[str, Any] | None = None) -> str:
    """Write what a connection has to say; what its sentence does not name is left out."""
    template = WORDS[connection].get(code, ("", ""))[0]
    named = {
        name: value[:_LONGEST] if isinstance(value, str) else value
        for name, value in (params or {}).items()
        if f"{{{name}}}" in template
    }
    written = f" {msgspec.json.encode(named).decode()}" if named else ""
    return f"{connection}.{code}{written}"


def reason_words(reason: str, *, english: bool = False) -> str:
    """Return the sentence of a reason: of a connection's, of a code of the rules, or itself."""
    if reason in TEXTS:
        return word(reason, {}, english=english)
    found = _WRITTEN.fullmatch(reason)
    if found is None or found[2] not in WORDS.get(found[1], {}):
        return reason
    try:
        params = msgspec.json.decode(found[3] or "{}", type=dict[str, Any])
    except UNREADABLE:
        params = {}
    return connection_words(found[1], found[2], params, english=english)
