"""Many rooms of one machine, to look at: which there are, how each does, and a page of them."""
