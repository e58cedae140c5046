"""The boundaries in force on any day, past or to come, and where each unit came from."""
