"""Duty hours: rosters, turns, the calendar, emergencies."""
