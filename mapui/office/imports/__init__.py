"""Imports of the register: upload, columns, what was found, and the way back."""
