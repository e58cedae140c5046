"""Commanding from the wall: areas, emergencies, orders, broadcasts, and posts to give a case to."""
