"""Which building an address means, among those that are known: by place and number, never by guess."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Final

from rapidfuzz import fuzz, process

from households.addresses.reading import readings
from households.addresses.text import HAN

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from households.addresses.model import Address

#: A place of one sign is no name: too many end with it.
_SHORTEST: Final = 2
#: Less alike than this (0 to 100) is no candidate.
_ALIKE: Final = 55.0
_MOST_PLACES: Final = 8


@dataclass(frozen=True, slots=True)
class Candidate:
    """A building, or a dwelling in it, that may be meant, with how alike the addresses are (0 to 100)."""

    building_id: int
    label: str
    score: float
    dwelling_id: int | None = None


class Book:
    """Buildings by all that they are called: name, address, number in their compound.

    Two addresses mean the same building when the number is the same, and the place too, but for what
    stands before it (朝阳区阳光花园 is 阳光花园) or, with streets, but for words that one of them leaves out
    (Ленина is улица Ленина). What is merely alike is a candidate, to be chosen by a person.
    """

    def __init__(self, names: Iterable[tuple[int, str]]) -> None:
        """Take the buildings' ids with their names; a building may come several times."""
        self._places: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        self._labels: dict[int, str] = {}
        for building_id, name in names:
            said = self._labels.setdefault(building_id, name)
            if name not in said:
                self._labels[building_id] = f"{said} · {name}"
            for place, number in _called(name):
                known = self._places[place][number]
                if building_id not in known:
                    known.append(building_id)
        self._longer: dict[str, list[str]] = defaultdict(list)
        for place in self._places:
            for n in range(1, len(place) - _SHORTEST + 1):
                if HAN.search(place):
                    self._longer[place[n:]].append(place)
        self._streets = {
            place: frozenset(place.split(" ")) for place in self._places if not HAN.search(place)
        }
        self._answers: dict[tuple[str, str], list[int]] = {}
        self._alike: dict[str, list[tuple[str, float]]] = {}

    def buildings(self, address: Address) -> list[int]:
        """Return the buildings that an address means; several where it doesn't say which of them."""
        key = (address.place, address.building)
        if key not in self._answers:
            self._answers[key] = self._find(*key)
        return self._answers[key]

    def nearest(self, address: Address, most: int = 5) -> list[Candidate]:
        """Return the buildings most like an address that means none, or several, the likeliest first."""
        found: dict[int, float] = {}
        for place, score in self._places_like(address.place):
            numbers = self._places[place]
            by_number = sorted(numbers, key=lambda number: _apart(number, address.building))
            for number in by_number[:most]:
                likeness = score - min(_apart(number, address.building), 40.0) / 2
                for building_id in numbers[number]:
                    found[building_id] = max(found.get(building_id, 0.0), likeness)
        ranked = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
        return [self.candidate(building_id, round(score, 1)) for building_id, score in ranked[:most]]

    def candidate(self, building_id: int, score: float = 100.0, dwelling_id: int | None = None) -> Candidate:
        """Return a building as a candidate, with all its names."""
        return Candidate(building_id, self._labels[building_id], score, dwelling_id)

    def _find(self, place: str, number: str) -> list[int]:
        if place and not HAN.search(place):
            return self._in_street(place, number)
        for n in range(len(place) - _SHORTEST + 1):  # the longest place that is known
            if found := self._places.get(place[n:], {}).get(number):
                return found
        longer = self._longer.get(place, []) if place else list(self._places)
        return self._several(longer, number)

    def _in_street(self, place: str, number: str) -> list[int]:
        if found := self._places.get(place, {}).get(number):
            return found
        words = frozenset(place.split(" "))
        return self._several(
            [known for known, said in self._streets.items() if said and (words <= said or said <= words)],
            number,
        )

    def _several(self, places: Iterable[str], number: str) -> list[int]:
        found = (one for place in places for one in self._places[place].get(number, ()))
        return list(dict.fromkeys(found)) if number else []

    def _places_like(self, place: str) -> list[tuple[str, float]]:
        if place not in self._alike:
            known: Sequence[str] = list(self._places)
            found = process.extract(place, known, scorer=fuzz.WRatio, score_cutoff=_ALIKE, limit=_MOST_PLACES)
            self._alike[place] = [(name, score) for name, score, _n in found] if place else []
        return self._alike[place]


def most_like(text: str, known: Sequence[str], *, most: int) -> list[str]:
    """Return those of the known texts that are most like this one, the likeliest first."""
    return [found for found, _score, _n in process.extract(text, known, scorer=fuzz.ratio, limit=most)]


@lru_cache(maxsize=100_000)
def _called(name: str) -> tuple[tuple[str, str], ...]:
    """Return the place and the number that a building's name says; nothing where it says nothing."""
    found = (each for each in readings(name) if not each.room and each.entrance is None)
    return tuple((each.place, each.building) for each in islice(found, 1))


def _apart(one: str, other: str) -> float:
    """Return how far apart two numbers of buildings are: 3 and 5 by 2."""
    if one == other:
        return 0.0
    if one.isdecimal() and other.isdecimal():
        return float(abs(int(one) - int(other)))
    return 100.0 - fuzz.ratio(one, other)
