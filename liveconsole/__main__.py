"""``python -m liveconsole``."""

from __future__ import annotations

import sys

from liveconsole.cli import main

if __name__ == "__main__":
    sys.exit(main())
