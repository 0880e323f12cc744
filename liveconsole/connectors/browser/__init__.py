"""The user's own console page in the user's own browser: read, and its 讲解 pressed and read back."""
