"""Entry of the packaged console program `liveconsole`."""

import multiprocessing
import sys

from liveconsole.cli import main

if __name__ == "__main__":
    multiprocessing.freeze_support()
    sys.exit(main())
