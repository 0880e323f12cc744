"""What the desk starts beside itself, and waits for."""
