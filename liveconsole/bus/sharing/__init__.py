"""A room that is shared inside the studio: a second listener, over TLS, for seats that the host allowed."""
