"""The page on disk that OBS shows until the engine answers: it is there before the engine is, and finds it
wherever it listens."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Final

import msgspec

from liveconsole.bus.discovery import Discovery
from liveconsole.bus.overlay import PAGE
from liveconsole.paths import write_own

FILE: Final = "overlay-waiting.html"

_SCRIPT: Final = """
const address = %s;
let tries = 0;
async function look() {
  try {
    await fetch(address, { mode: "no-cors", cache: "no-store", credentials: "omit" });
    location.replace(address);
  } catch {
    // The file itself may name another port by now.
    if (++tries < 10) setTimeout(look, 300); else location.reload();
  }
}
look();
"""
_HTML: Final = """<!doctype html>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; script-src 'sha256-%s'; connect-src %s">
<meta name="referrer" content="no-referrer">
<title>LiveConsole</title>
<script>%s</script>
"""


def waiting_page(found: Discovery) -> bytes:
    """Show nothing until the engine answers, then its overlay. A wrong address shows nothing either."""
    address = f"{found.url}{PAGE}?token={found.tokens['overlay']}"
    script = _SCRIPT % msgspec.json.encode(address).decode().replace("<", "\\u003c")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (_HTML % (digest, found.url, script)).encode()


def keep_waiting_page(folder: Path, found: Discovery) -> str:
    """Write it where it differs, and return its address, another one for another page (of another port or a
    new token): OBS loads a source anew when its address changed."""
    path, page = folder / FILE, waiting_page(found)
    if not path.is_file() or path.read_bytes() != page:
        write_own(path, page)
    return f"{path.absolute().as_uri()}?{hashlib.sha256(page).hexdigest()[:8]}"


def is_waiting_page(folder: Path, url: str) -> bool:
    """Tell whether a source of OBS shows the page of this folder, an older one too."""
    return url.partition("?")[0] == (folder / FILE).absolute().as_uri()
