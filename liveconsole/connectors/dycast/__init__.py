"""dycast: a WebSocket server on this computer that its page in the browser connects to."""
