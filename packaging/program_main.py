"""Entry of the packaged programs: `liveconsole`, and `liveconsole-desk`, which a double click starts."""

import sys
from pathlib import Path

if __name__ == "__main__":
    if Path(sys.executable).stem == "liveconsole-desk":
        from ui.program.start import main
    else:
        from liveconsole.cli import main
    sys.exit(main())
