"""OBS by obs-websocket 5: its picture follows the room, and nothing waits for it."""
