"""The rules of a room, pure: no clock, no I/O, no randomness of their own."""
