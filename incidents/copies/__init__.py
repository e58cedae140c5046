"""The copies of pictures and videos that are kept: what is seen and heard, and nothing that a camera wrote.

Unpacking what a stranger sent is done in a process of its own with little memory and time (`child`), which
knows neither Django nor the database.
"""

from incidents.copies.apart import make_copies
from incidents.copies.limits import MAX_PIXELS, MAX_SECONDS, Fault, Unfit

__all__ = ["MAX_PIXELS", "MAX_SECONDS", "Fault", "Unfit", "make_copies"]
