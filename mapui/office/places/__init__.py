"""Where households are, to whom they belong, and who is responsible there."""
