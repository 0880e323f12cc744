"""The comment desk: what is wished for, answers that are given again, and who is hidden."""

from ui.panels.comments.sheet import CommentSheet

__all__ = ["CommentSheet"]
