"""切片 for an editing program: the pins as a CMX 3600 edit decision list, and as a CSV.

Time codes count from the broadcast's opening at 25 frames a second, as a recording that began with it does.
CMX 3600 counts to 24 hours and begins anew.
"""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta, tzinfo
from typing import Final

from liveconsole.views.report.catalogue import one_line
from liveconsole.views.report.guard import guarded
from liveconsole.views.report.model import Clip, Report
from liveconsole.views.report.words import ReportWords

FPS: Final = 25
_LONGEST_TITLE: Final = 70
_DAY: Final = 24 * 3600 * FPS
_CLOCK: Final = "%Y-%m-%d %H:%M:%S"


def frames(moment: datetime, opening: datetime) -> int:
    """Whole frames since the opening; 0 before it."""
    return max(0, round((moment - opening) / timedelta(seconds=1) * FPS))


def timecode(count: int) -> str:
    """``HH:MM:SS:FF``, non-drop."""
    seconds, frame = divmod(count % _DAY, FPS)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}:{frame:02}"


def edl(report: Report, w: ReportWords) -> bytes:
    """Every pin one cut, laid end to end on the record side; UTF-8, CRLF."""
    mark = f"[{w('simulated')}] " if report.simulated else ""
    title = one_line(mark + (report.title or w("untitled")))[:_LONGEST_TITLE]
    lines = [f"TITLE: {title}", "FCM: NON-DROP FRAME"]
    record, number = 0, 0
    for clip in report.clips:
        start, end = frames(clip.start, report.start), frames(clip.end, report.start)
        if end <= start:
            continue
        number += 1
        codes = " ".join(map(timecode, (start, end, record, record + end - start)))
        lines += ["", f"{number:03}  AX       V     C        {codes}", f"* FROM CLIP NAME: {_name(clip)}"]
        record += end - start
    return ("\r\n".join(lines) + "\r\n").encode()


def clips_csv(report: Report, w: ReportWords, zone: tzinfo | None) -> bytes:
    """One line a pin, with a byte order mark: a spreadsheet opens it in the right letters."""
    out = io.StringIO(newline="")
    write = csv.writer(out, lineterminator="\r\n")
    if report.simulated:
        write.writerow([w("simulated")])
    heads = ("number", "product_id", "title", "start", "end", "timecode_in", "timecode_out", "length",
             "comments", "placed", "gmv")  # fmt: skip
    write.writerow([w(head) for head in heads])
    for clip in report.clips:
        codes = [timecode(frames(at, report.start)) for at in (clip.start, clip.end)]
        write.writerow([
            "" if clip.number is None else clip.number, guarded(clip.product_id), guarded(clip.title),
            *(at.astimezone(zone).strftime(_CLOCK) for at in (clip.start, clip.end)), *codes,
            f"{(clip.end - clip.start).total_seconds():.2f}", clip.comments,
            "—" if clip.orders is None else clip.orders,
            "—" if clip.gmv_fen is None else f"{clip.gmv_fen // 100}.{clip.gmv_fen % 100:02}",
        ])  # fmt: skip
    return out.getvalue().encode("utf-8-sig")


def _name(clip: Clip) -> str:
    return clip.title if clip.number is None else f"#{clip.number} {clip.title}"
