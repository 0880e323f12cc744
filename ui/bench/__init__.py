"""The desk's part of ``liveconsole bench``, a program of its own: ``python -m ui.bench``, JSON on stdout."""
