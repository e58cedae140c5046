"""The second floor: what happens."""
