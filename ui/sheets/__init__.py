"""Sheets, and what several of them are made of."""
