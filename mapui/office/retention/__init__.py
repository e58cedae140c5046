"""For how long personal data is kept, and what was forgotten."""
