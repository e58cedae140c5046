"""The public notice of a plan (公示): what anybody reads and says of it, and what the office does."""
