"""福袋: who enters, one draw at the close, and what becomes of each prize."""
