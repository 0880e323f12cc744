"""How words travel on loopback: HTTP and WebSocket, server and client."""
