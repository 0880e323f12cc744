"""DouyinBarrageGrab: a client of the WebSocket that it opens on this computer."""
