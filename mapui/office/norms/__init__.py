"""Pages of the office for norms: what is asked of units, how they stand, and what they got to pay for it."""
