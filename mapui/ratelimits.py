"""How many reports a person and an address may send."""
