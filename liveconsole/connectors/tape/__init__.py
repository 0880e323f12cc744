"""Recorded rooms: a tape's lines become the facts that they once were."""
