"""Entry of the packaged windowed program `liveconsole-desk`: what a double click starts."""

import multiprocessing
import sys

from ui.program.start import main

if __name__ == "__main__":
    multiprocessing.freeze_support()
    sys.exit(main())
