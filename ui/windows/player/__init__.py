"""看录像: a past broadcast on a desk of its own, that can be looked at and not touched."""
