"""Pages of the office for facilities: what is where, how large, and when it is open."""
