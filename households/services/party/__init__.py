"""Writes of the party register: each one transaction, by an office of the subtree."""
