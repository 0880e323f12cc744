"""让另一台电脑或手机加入: the code, who asks, who has a seat."""

from ui.panels.sharing.sheet import SharingSheet

__all__ = ["SharingSheet"]
