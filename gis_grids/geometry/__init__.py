"""Geometry of the ground floor: pure functions on shapely geometries, without Django and without I/O."""
