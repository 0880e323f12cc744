"""An OBS that can be asked: obs-websocket 5 as its documents say and OBS 29 does, and its faults."""
