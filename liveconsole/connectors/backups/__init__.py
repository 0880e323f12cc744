"""Backups on a schedule: made by a program of their own, tried by a restore, put into a folder or sent."""
