"""The log of a room on disk, its read tables, keys, migrations and backup."""
