"""What people bring in: tables, products, rundown rows, and promotions written in one line. Pure."""
