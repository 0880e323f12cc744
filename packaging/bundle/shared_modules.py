"""Runs in the bundle before everything else: both programs take their modules from one file beside them.

PyInstaller packs every module into each program, which would be 17 MB twice. The file is opened once and kept
open: where an update replaces it under a program that runs, that one goes on reading its own modules. What is
imported here is built into Python or in its base library: nothing else is there yet.
"""

import os
import sys
import zlib
from _thread import allocate_lock
from marshal import loads

import pyimod01_archive
import pyimod02_importers


class _SharedModules(pyimod01_archive.ZlibArchiveReader):
    def __init__(self, path):
        super().__init__(path, 0, check_pymagic=True)
        self._open = open(path, "rb")  # noqa: SIM115  # for as long as the process lives
        self._turn = allocate_lock()

    def extract(self, name, raw=False):
        kind, begin, length = self.toc[name]
        if kind == pyimod01_archive.PYZ_ITEM_NSPKG:
            return None
        if hasattr(os, "pread"):  # no place of its own in the file that a forked child would share
            packed = os.pread(self._open.fileno(), length, begin)
        else:
            with self._turn:
                self._open.seek(begin)
                packed = self._open.read(length)
        body = zlib.decompress(packed)
        packed_code = kind in (pyimod01_archive.PYZ_ITEM_MODULE, pyimod01_archive.PYZ_ITEM_PKG)
        return loads(body) if packed_code and not raw else body


pyimod02_importers.pyz_archive = _SharedModules(os.path.join(sys._MEIPASS, "liveconsole.pyz"))
sys.path_importer_cache.clear()  # finders made until now ask the program's own, empty archive
