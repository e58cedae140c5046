"""The rights of one resident to his own data: a copy, and to be erased."""
