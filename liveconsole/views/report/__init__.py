"""复盘: one broadcast as a report, folded from the lines of the log. Pure; no file, no clock, no Qt."""

from liveconsole.views.report.fold import NoBroadcast, ReportFold, fold
from liveconsole.views.report.handover import handover_text
from liveconsole.views.report.model import Proposal, Report

__all__ = ["NoBroadcast", "Proposal", "Report", "ReportFold", "fold", "handover_text"]
