"""The door of the parser: which kind of address it is, and all that it can mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from households.addresses import chinese, western
from households.addresses.model import Address
from households.addresses.text import HAN, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What is longer is no address; the columns that hold one are shorter.
MOST_CHARACTERS: Final = 200


def parse(text: str) -> Address:
    """Return the likeliest reading of an address; an empty `Address` where nothing can be read in it."""
    return next(readings(text), Address())


def readings(text: str) -> Iterator[Address]:
    """Yield what an address can mean, the likeliest first: "3-2" is room 2 of building 3, or its entrance 2.

    Chinese: 小区, 弄, 号(院), then 幢 栋 号楼 座 楼 #, 单元 门, 层 楼, 室 户 号, or bare numbers with dashes.
    Others: street and house number in either order, with flat, entrance and floor by their usual words in
    English, Russian, German, French, Italian and Spanish. The last reading takes all for a place's name.
    """
    text = plain(text[:MOST_CHARACTERS])
    is_western = any(sign.isalpha() for sign in text) and not HAN.search(text) and not chinese.is_bare(text)
    found = western.readings(text) if is_western else chinese.readings(text)
    yield from dict.fromkeys(each for each in found if each)
