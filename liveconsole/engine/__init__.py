"""The one writer of a room: inbox, decide, commit, publish."""
