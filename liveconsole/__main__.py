"""``python -m liveconsole``."""

from __future__ import annotations

import sys

if __name__ == "__main__":
    try:
        from liveconsole.cli import main
    except KeyboardInterrupt:  # before there is anything that could say a word
        sys.exit(130)
    sys.exit(main())
