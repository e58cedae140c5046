"""The grid card: all that a unit has, on one sheet."""
