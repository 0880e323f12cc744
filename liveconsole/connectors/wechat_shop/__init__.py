"""微信小店 by its API: orders and after-sales come in by asking for them, what a person fired goes out."""
