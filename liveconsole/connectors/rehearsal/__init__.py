"""A simulated room: seeded viewers and shoppers, a host with a script, and a platform with a ledger."""
