"""Pictures of products from outside: read, made small, written anew; fetched from the web once."""
