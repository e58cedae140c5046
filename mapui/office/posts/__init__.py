"""Posts in the office: who holds which, who is missing, and the acts by which that changes."""
