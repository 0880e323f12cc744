"""复盘: one broadcast as a report, folded from the lines of the log. Pure; no file, no clock, no Qt."""

from liveconsole.views.report.fold import Folding, NoBroadcast, fold
from liveconsole.views.report.handover import handover_text
from liveconsole.views.report.model import Report

__all__ = ["Folding", "NoBroadcast", "Report", "fold", "handover_text"]
