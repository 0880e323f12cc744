"""开播前: what is to come, what is to be done for it, and what rivals sell."""
