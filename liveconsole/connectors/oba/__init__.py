"""oba-live-tool: a client of the WebSocket that it opens while 开始监听 is on."""
