"""Pictures and videos of cases: taken in by pieces, given out with rights."""
