"""LiveConsole: the control panel of a live-commerce room, headless part (see docs/architecture.md)."""

__version__ = "0.9.0"
