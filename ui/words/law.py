"""What the desk says of the articles and how the room stands to them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from liveconsole.messages.state import LawCheckState
from ui.clean import clean
from ui.i18n import language, t

_LONGEST: Final = 600


def outcome_words(passes: bool | None) -> str:
    """How a check came out."""
    return t("过了") if passes else t("没过") if passes is False else t("不知道")


def check_text(check: LawCheckState) -> str:
    """The sentence of a check in this desk's language, its article in it."""
    return clean(check.text_en if language() == "en" else check.text, _LONGEST)


def law_said(checks: Sequence[LawCheckState]) -> tuple[str, bool | None]:
    """What a look before the broadcast says of all of them, what fails first; and whether it is well."""
    failed = [check for check in checks if check.passes is False]
    unknown = [check for check in checks if check.passes is None]
    if not failed and not unknown:
        return (t("{n} 条都通过。", n=len(checks)), True) if checks else (t("还没有检查。"), None)
    lines = [check_text(check) for check in (*failed, *unknown)]
    return "\n".join(lines), False if failed else None
