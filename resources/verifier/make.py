"""Builds bls.js anew from bls.entry.js and says whether it is the one that is kept: python make.py

Needs npm, nothing is left behind. Standard library only. @noble/curves and @noble/hashes are MIT
(LICENSE-noble.txt); esbuild only bundles.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
PACKAGES = ("@noble/curves@2.4.0", "@noble/hashes@2.4.0", "esbuild@0.28.2")
SHA256 = "854e50eac9685a0af44bd264133bb2305ea646d497f27d486de350c918ff472d"
"""Of bls.js."""
BUNDLE = (
    "node_modules/.bin/esbuild", "bls.entry.js", "--bundle", "--minify", "--format=iife",
    "--global-name=DrandBls", "--target=es2020", "--legal-comments=none", "--charset=utf8",
    "--outfile=bls.js",
)  # fmt: skip


def built() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "bls.entry.js").write_bytes((HERE / "bls.entry.js").read_bytes())
        subprocess.run(["npm", "install", "--silent", "--no-save", *PACKAGES], cwd=folder, check=True)
        subprocess.run(BUNDLE, cwd=folder, check=True)
        return (Path(folder) / "bls.js").read_bytes()


def main() -> int:
    made = built()
    found = hashlib.sha256(made).hexdigest()
    if found == SHA256:
        sys.stdout.write("the same\n")
        return 0
    (HERE / "bls.js").write_bytes(made)
    sys.stdout.write(f"another one was written: SHA256 = {found}\n")
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
