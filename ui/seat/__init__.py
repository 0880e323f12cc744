"""One seat at one engine: the only door between the bus and Qt, and what it hands to every panel."""
