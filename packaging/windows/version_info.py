"""What Windows shows of the two programs under Properties: build.spec hands it to PyInstaller's EXE.

from version_info import version_info; EXE(..., version=version_info("liveconsole-desk", "0.9.0", work))
"""

from __future__ import annotations

from pathlib import Path

PUBLISHER = "The LiveConsole maintainers"
DESCRIBED = {"liveconsole": "LiveConsole, command line", "liveconsole-desk": "LiveConsole"}
_FORM = """VSVersionInfo(
  ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}, mask=0x3f, flags=0x0, OS=0x40004, fileType=0x1,
    subtype=0x0, date=(0, 0)),
  kids=[
    StringFileInfo([StringTable("000004b0", [
      StringStruct("CompanyName", {publisher!r}),
      StringStruct("FileDescription", {described!r}),
      StringStruct("FileVersion", {version!r}),
      StringStruct("InternalName", {name!r}),
      StringStruct("LegalCopyright", "MIT licence"),
      StringStruct("OriginalFilename", {file!r}),
      StringStruct("ProductName", "LiveConsole"),
      StringStruct("ProductVersion", {version!r}),
    ])]),
    VarFileInfo([VarStruct("Translation", [0, 1200])]),
  ],
)
"""


def version_info(name: str, version: str, folder: Path) -> str:
    """Write the description of one program into a folder and return the file's path."""
    numbers = tuple(int(part) for part in version.split("."))
    text = _FORM.format(
        numbers=(*numbers, 0),
        publisher=PUBLISHER,
        described=DESCRIBED[name],
        version=version,
        name=name,
        file=f"{name}.exe",
    )
    path = folder / f"{name}.version.txt"
    path.write_text(text, "utf-8")
    return str(path)
