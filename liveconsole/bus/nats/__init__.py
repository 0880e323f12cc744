"""The bus over a NATS broker between machines: core messages alone, nothing is kept by it."""
