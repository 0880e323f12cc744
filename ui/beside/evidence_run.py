"""What the law asks to keep of a broadcast, written by a process of its own."""

from __future__ import annotations

from ui.beside.report_run import ReportRun


class EvidenceRun(ReportRun):
    """``liveconsole evidence``; without names, which only who asks for them on the command line gets."""

    def words(self, broadcast: int | None) -> list[str]:
        number = [str(broadcast)] if broadcast is not None else []
        return ["evidence", *number, "--data", str(self.folder)]
