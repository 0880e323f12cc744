"""The desk: a client of the bus like any other."""
