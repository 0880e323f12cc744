"""The kinds of promotion, a module each: what it must hold, what it needs to start, what follows from it."""
