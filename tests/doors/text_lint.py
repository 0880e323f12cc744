"""Finds where the desk hands text to Qt by a door that reads mark-up, keys or styles out of it.

Text from outside may come in by `PlainLabel` and its like, `set_tip`, `plain_tip`, a line edit, or a painter.
Everything else gets words of ours: a literal, or ``t("…")`` with numbers in it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

PLAIN: Final = {"PlainLabel", "QLineEdit", "QPlainTextEdit"}
"""Classes whose ``setText`` shows letters; their subclasses are found by reading."""
RICH: Final = {
    "QLabel",
    "QMessageBox",
    "QTextBrowser",
    "QTextEdit",
    "QTextDocument",
    "QErrorMessage",
    "QWhatsThis",
}
"""Never made outside `ui/widgets/plain.py`: they guess at mark-up."""
NEVER: Final = {
    "setHtml",
    "insertHtml",
    "appendHtml",
    "setMarkdown",
    "setWhatsThis",
    "setStatusTip",
    "setShortcut",
}
NEVER_STYLE: Final = {"setStyleSheet"}
KEYED: Final = {"QPushButton", "QCheckBox", "QRadioButton", "QToolButton", "QAction", "QGroupBox", "QMenu"}
"""Their text makes a shortcut of every ``&``."""
OURS_ONLY: Final = {
    "setText",
    "setWindowTitle",
    "setTitle",
    "addAction",
    "addMenu",
    "addTab",
    "setTabText",
    "setItemText",
    "showMessage",
    "setApplicationDisplayName",
}
TIPS: Final = {"setToolTip", "setTabToolTip", "showText"}
CLEANERS: Final = {"plain_tip"}
NUMBERS: Final = {"len", "int", "round", "sum", "yuan", "yuan_short", "clock", "countdown"}
DOORS: Final = {
    ("widgets/plain.py", "setToolTip"),  # set_tip itself
    ("widgets/plain.py", "setText"),  # PlainLabel itself
    ("widgets/plain.py", "QLabel"),
    ("clipboard.py", "setText"),  # a clipboard holds letters
    ("theme/__init__.py", "setStyleSheet"),  # the one sheet, made of tokens
    ("report_pdf.py", "QTextDocument"),  # a document that loads nothing, of a page that was escaped
    ("report_pdf.py", "setHtml"),
    ("report_pdf.py", "setTitle"),
    ("draft_check.py", "ExtraSelection"),  # an underline in a plain editor; no text goes through it
}
"""File and name: where a door is built."""


@dataclass(frozen=True)
class Found:
    file: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}"


@dataclass
class _File:
    name: str
    plain: set[str]
    known: dict[str, set[str]] = field(default_factory=dict)
    """Name (``x``, or ``.x`` for an attribute of anything) → the classes that were called for it."""
    loops: dict[str, list[ast.expr]] = field(default_factory=dict)
    """Name → what it stands for in turn, where a loop goes over a list that is written down."""


def lint(files: Iterable[tuple[str, str]]) -> list[Found]:
    """What is wrong in these files: (name, source) of each."""
    trees = [(name, ast.parse(source)) for name, source in files]
    plain = _subclasses(PLAIN, (tree for _, tree in trees))
    read = {name: _read(_File(name, plain), tree) for name, tree in trees}
    homes = {node.name: name for name, tree in trees for node in tree.body if isinstance(node, ast.ClassDef)}
    found = []
    for name, tree in trees:
        file = read[name]
        for made in [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]:
            for base in map(_name, made.bases):
                inherited = read[homes[base]].known if base in homes else {}
                for attribute, classes in inherited.items():
                    file.known.setdefault(attribute, classes)
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and (what := _wrong(file, node)):
                found.append(Found(name, node.lineno, what))
            elif isinstance(node, ast.ClassDef) and any(_is_rich(file, base) for base in node.bases):
                found.append(Found(name, node.lineno, f"class {node.name} guesses at mark-up"))
    return found


def _is_rich(file: _File, base: ast.expr) -> bool:
    return _name(base) in RICH and (file.name, _name(base)) not in _doors(file.name)


def files_of(folder: Path) -> Iterator[tuple[str, str]]:
    """The sources of a package."""
    for path in sorted(folder.rglob("*.py")):
        if "bench" not in path.parts:
            yield path.relative_to(folder).as_posix(), path.read_text("utf-8")


def _doors(name: str) -> set[tuple[str, str]]:
    return {(name, what) for file, what in DOORS if name.endswith(file)}


def _subclasses(roots: set[str], trees: Iterable[ast.Module]) -> set[str]:
    classes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    known = set(roots)
    while more := {
        c.name for c in classes if c.name not in known and any(_name(b) in known for b in c.bases)
    }:
        known |= more
    return known


def _read(file: _File, tree: ast.Module) -> _File:
    """Which names hold what, as far as assignments and annotations say."""
    lists: dict[str, ast.expr] = {}
    _handed(file, tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                pairs = [(target, node.value)]
                if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                    pairs = list(zip(target.elts, node.value.elts, strict=True))
                for where, value in pairs:
                    made = _name(value.func) if isinstance(value, ast.Call) else ""
                    if made == "button" or made[:1].isupper():  # what a function gives back is not known
                        file.known.setdefault(_place(where), set()).add(made)
                    lists[_place(where)] = value
        elif isinstance(node, ast.AnnAssign) and "PlainLabel" in ast.unparse(node.annotation):
            lists[_place(node.target)] = node.annotation
    for node in ast.walk(tree):
        if isinstance(node, ast.For):
            _loop(file, node, lists)
    return file


def _handed(file: _File, tree: ast.Module) -> None:
    """What functions are handed: a name is a label where it is one in every function of the file, and an
    attribute that such a name was put into is one too."""
    told: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            told.setdefault(node.arg, set()).add(ast.unparse(node.annotation) if node.annotation else "")
    labels = {name for name, types in told.items() if types == {"PlainLabel"}}
    for node in (node for node in ast.walk(tree) if isinstance(node, ast.Assign)):
        for target in node.targets:
            pairs = [(target, node.value)]
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                pairs = list(zip(target.elts, node.value.elts, strict=True))
            for where, value in pairs:
                if isinstance(value, ast.Name) and value.id in labels:
                    file.known.setdefault(_place(where), set()).add("PlainLabel")
    for name in labels:
        file.known.setdefault(name, set()).add("PlainLabel")


def _place(node: ast.expr) -> str:
    return f".{node.attr}" if isinstance(node, ast.Attribute) else ast.unparse(node)


def _loop(file: _File, loop: ast.For, lists: dict[str, ast.expr]) -> None:
    over = loop.iter
    if isinstance(over, ast.Call) and isinstance(over.func, ast.Attribute) and not over.args:
        over = over.func.value  # .items(), .values()
    elif isinstance(over, ast.Call) and _name(over.func) == "zip":
        over = over.args[0]
    written = over if isinstance(over, ast.Tuple | ast.List) else lists.get(_place(over))
    names = loop.target.elts if isinstance(loop.target, ast.Tuple) else [loop.target]
    if isinstance(written, ast.Tuple | ast.List):
        for at, name in enumerate(names):
            each = [e.elts[at] if isinstance(e, ast.Tuple) and at < len(e.elts) else e for e in written.elts]
            file.loops.setdefault(ast.unparse(name), []).extend(each)
    elif written is not None and "PlainLabel" in ast.unparse(written):
        for name in names:
            file.known.setdefault(ast.unparse(name), set()).add("PlainLabel")


def _wrong(file: _File, call: ast.Call) -> str:
    called = _name(call.func)
    if (file.name, called) in _doors(file.name):
        return ""
    if called in RICH or ast.unparse(call.func).partition(".")[0] in RICH:
        called = ast.unparse(call.func)
        return f"{called}() guesses at mark-up: PlainLabel shows letters"
    if called in NEVER or called in NEVER_STYLE:
        return f"{called}() is not a door for text"
    words = call.args
    if called in TIPS:
        tips = [arg for arg in words if _is_tip(arg)]
        return "" if tips else f"{called}() guesses at mark-up: set_tip or plain_tip"
    if called in KEYED:
        return (
            "" if all(_ours(arg, file) or _no_text(arg) for arg in words) else f"{called}() makes keys of &"
        )
    if called in OURS_ONLY and isinstance(call.func, ast.Attribute):
        if called == "setText" and _is_plain(file, call.func.value):
            return ""
        if all(_ours(arg, file) or _no_text(arg) for arg in words):
            return ""
        return f"{ast.unparse(call.func)}() with text that may not be ours"
    return ""


def _is_plain(file: _File, receiver: ast.expr) -> bool:
    """Whether ``receiver.setText`` shows letters."""
    if isinstance(receiver, ast.Call):  # super().setText in a subclass, handed on to the plain one
        return _name(receiver.func) == "super"
    if isinstance(receiver, ast.Name) and receiver.id == "self":
        return True  # a class of ours: what it inherits from is looked at where it is made
    classes = file.known.get(_place(receiver), set())
    return bool(classes) and classes <= file.plain


def _is_tip(node: ast.expr) -> bool:
    return (isinstance(node, ast.Call) and _name(node.func) in CLEANERS) or (
        isinstance(node, ast.Constant) and node.value == ""
    )


def _ours(node: ast.expr, file: _File) -> bool:
    """Words of ours: nothing in them was typed by anybody outside."""
    match node:
        case ast.Constant():
            return True
        case ast.Name():
            return node.id in file.loops and all(_ours(each, file) for each in file.loops[node.id])
        case ast.IfExp():
            return _ours(node.body, file) and _ours(node.orelse, file)
        case ast.BinOp(op=ast.Add()):
            return _ours(node.left, file) and _ours(node.right, file)
        case ast.JoinedStr():
            return all(_ours(part, file) for part in node.values)
        case ast.FormattedValue():
            # A number's format is refused by Python itself for a text.
            return _is_number(node.value) or _number_format(node.format_spec)
        case ast.Call() if _name(node.func) == "t":
            # The source text is looked up in our own table; only what is put into it can be foreign.
            return all(_is_number(word.value) or _ours(word.value, file) for word in node.keywords)
        case ast.Call(func=ast.Attribute(attr="replace"), args=[ast.Constant("&"), ast.Constant("&&")]):
            return True
        case _:
            return False


def _is_number(node: ast.expr) -> bool:
    match node:
        case ast.Constant(value=int() | float()):
            return True
        case ast.BinOp():
            return _is_number(node.left) and _is_number(node.right)
        case ast.Call():
            return _name(node.func) in NUMBERS
        case _:
            return False


def _number_format(spec: ast.expr | None) -> bool:
    return spec is not None and any(sign in ast.unparse(spec) for sign in (",", ".1f", "02"))


def _no_text(node: ast.expr) -> bool:
    """Icons, parents, places and the like: a bare name of something that is no text."""
    return isinstance(node, ast.Name) and node.id in ("self", "parent", "icon", "index")


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
