"""What more than one panel shows."""
