"""Addresses as people write them, taken apart: Chinese ones, and street with house number. Pure."""

from __future__ import annotations

from households.addresses.model import Address
from households.addresses.reading import MOST_CHARACTERS, parse, readings

__all__ = ["MOST_CHARACTERS", "Address", "parse", "readings"]
