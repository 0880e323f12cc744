"""``python -m ui``: the desk alone; what a windowed bundle starts."""

from __future__ import annotations

import sys

from ui.program.start import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
