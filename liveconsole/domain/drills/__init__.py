"""Drills of a rehearsal: when one may run, what the log showed of it (`seen`), and its mark (`marks`)."""
