"""店铺: orders after the order. Who sits here works a list off, by keys alone."""
