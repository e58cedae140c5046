"""The wall of the command centre."""
