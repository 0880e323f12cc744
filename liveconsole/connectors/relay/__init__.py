"""Pushes of a shop: kept by a program at a public address, fetched from there by the room."""
