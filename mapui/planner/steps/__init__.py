"""The steps of a plan: where it stands, who took it there, and what the reader may do next."""
