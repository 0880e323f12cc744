"""数据: what is sold, from where, and what to do next, in a window of its own."""
