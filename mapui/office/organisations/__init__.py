"""Pages of the office for the organisations of the neighbourhood, and what they offer."""
