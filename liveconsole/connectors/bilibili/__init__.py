"""Bilibili: the official open-live service of the host's own room."""
