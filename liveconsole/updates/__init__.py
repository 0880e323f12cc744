"""Whether there is a newer version: a signed notice, asked for only where a person agreed, never on air.

Nothing is downloaded or installed here. What a notice is: docs/updates.md.
"""
