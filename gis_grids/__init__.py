"""The ground floor: where things are. Units, boundaries, posts, places, coordinates."""
