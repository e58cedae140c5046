"""Many rows in one statement: columns as arrays, unnested by the database."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def columns(types: Mapping[str, str]) -> dict[str, str]:
    """Return the columns' names, each with its type: the last words of the attributes' dotted paths."""
    return {path.rpartition(".")[2]: type_ for path, type_ in types.items()}


def unnest(types: Mapping[str, str]) -> str:
    """Return the ``unnest`` of one array parameter for each column; types are PostgreSQL's."""
    return f"unnest({', '.join(f'%({name})s::{type_}[]' for name, type_ in columns(types).items())})"


def arrays(types: Mapping[str, str], rows: Sequence[object]) -> dict[str, list[object]]:
    """Return the parameters for `unnest`: for each column the list of that attribute of all rows.

    Two columns and one row at least.
    """
    values = zip(*map(attrgetter(*types), rows), strict=True)
    return {name: list(column) for name, column in zip(columns(types), values, strict=True)}
