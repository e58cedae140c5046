"""Reads of the party register: everything starts from what the office of a subtree keeps."""
