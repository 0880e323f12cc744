"""A 微信小店 that can be asked: what its documents say, and everything that they say can go wrong."""
