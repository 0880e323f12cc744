"""主播大屏: the host's second screen, read at three metres."""
