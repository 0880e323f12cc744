"""历史场次: every broadcast of this room in a window of its own."""
