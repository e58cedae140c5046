"""Real processes that can be killed, clients that come back, and the ledger that judges what is left."""
