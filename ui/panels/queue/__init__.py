"""What goes next: the recall bar, what waits for an answer, the queue, what has just ended."""

from __future__ import annotations

from ui.panels.queue.panel import QueuePanel

__all__ = ["QueuePanel"]
