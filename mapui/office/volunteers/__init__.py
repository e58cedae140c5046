"""Pages of the office for volunteers, their teams and their service."""
