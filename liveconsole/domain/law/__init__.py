"""What a room is held to besides its own rules: qualifications, reviews, rights, and the articles by name."""
