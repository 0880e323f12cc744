"""How backups on a schedule do, in words."""

from __future__ import annotations

from liveconsole.messages.backups import BackupState
from ui.i18n import language, t
from ui.widgets.when import wall_clock


def backup_words(one: BackupState | None) -> tuple[str, bool | None]:
    """What is seen, and whether it is well; None: nobody knows yet."""
    if one is None:
        return t("还没有备份过"), None
    last = one.last
    when = (
        t("上次备份 {day} {at}，试过恢复", day=_day(one), at=wall_clock(last.at)) if last is not None else ""
    )
    if one.failed is not None:
        why = one.failed.said(english=language() == "en")
        return " · ".join(filter(None, (t("备份没有做成：{why}", why=why), when))), False
    if one.running:
        return " · ".join(filter(None, (t("正在备份…"), when))), True if when else None
    return (when, True) if when else (t("还没有备份过"), None)


def _day(one: BackupState) -> str:
    assert one.last is not None
    return f"{one.last.at.astimezone():%m-%d}"
