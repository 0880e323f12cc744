"""Public randomness from drand: the round that a draw named is fetched from a relay and verified here."""
