"""The store of one room in a PostgreSQL database (>= 15) that many rooms share: docs/decisions/0026."""
