"""The first floor: who lives there."""
