"""The grid worker's phone page."""
