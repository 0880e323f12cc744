"""The lists of words that the feed reads by: the user's own in the data folder, else the program's."""

from __future__ import annotations

from pathlib import Path

from liveconsole.advice.words import marked
from liveconsole.advice.words.lists import FOLDER
from liveconsole.views import highlights, questions
from liveconsole.views.highlights import CommentMarks
from liveconsole.views.questions import BadRulesFile
from ui.i18n import t


def load_look(folder: Path | None) -> tuple[CommentMarks, list[str]]:
    """The lists, and a sentence for each own file that cannot be used (the program's is used instead)."""
    asked, lit, problems = questions.built_in(), highlights.built_in(), []
    if folder is not None:
        try:
            asked = questions.load(folder)
        except BadRulesFile as error:
            problems.append(_says(questions.FILE, error))
        try:
            lit = highlights.load(folder)
        except BadRulesFile as error:
            problems.append(_says(highlights.FILE, error))
    try:
        signs = marked.load(folder)
    except OSError as error:
        problems.append(f"{marked.MARKED}.txt: {error.strerror}")
        signs = marked.load()
    return CommentMarks(asked, lit, signs), problems


def stamps(folder: Path) -> list[tuple[int, int] | None]:
    """What tells whether one of the user's own lists has changed."""
    found: list[tuple[int, int] | None] = []
    own = (f"{FOLDER}/{marked.MARKED}.txt", f"{FOLDER}/{marked.LET_BE}.txt")
    for name in (questions.FILE, highlights.FILE, *own):
        try:
            stat = (folder / name).stat()
            found.append((stat.st_mtime_ns, stat.st_size))
        except OSError:
            found.append(None)
    return found


def _says(file: str, error: BadRulesFile) -> str:
    return t("{file} 用不了，先用自带的：{why}", file=file, why=error)
