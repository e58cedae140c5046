"""Pages of the office to announce something, and to see who has read it."""
