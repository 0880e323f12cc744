"""法规: the checks of the articles, reviews, licences, and warnings of the platform."""

from ui.panels.law.qualifications import QualificationSheet
from ui.panels.law.sheet import LawSheet

__all__ = ["LawSheet", "QualificationSheet"]
