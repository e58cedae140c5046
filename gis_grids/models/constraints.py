"""Conditions that the database itself holds every geometry to.

GeoDjango and PostGIS store NaN, infinities, bow-ties and longitudes of 500 without a word, and one
stored NaN breaks every later union of the table; so the last gate is in the database.
"""

from __future__ import annotations

from django.contrib.gis.db.models.functions import IsEmpty, IsValid, NumPoints
from django.db.models import FloatField, Func, Q, Value
from django.db.models.lookups import Exact, GreaterThanOrEqual, LessThanOrEqual


class _Bound(Func):
    """A side of a geometry's bounding box, in degrees."""

    arity = 1
    output_field = FloatField()


def lonlat_is_sound(field: str, *, max_points: int = 20_000) -> Q:
    """Return the condition that a lon/lat geometry is valid, not empty, finite and on the globe.

    A NaN compares greater than every number in PostgreSQL, so the upper bounds refuse it too.
    """
    inside = (
        GreaterThanOrEqual(_Bound(field, function="ST_XMin"), Value(-180.0)),
        LessThanOrEqual(_Bound(field, function="ST_XMax"), Value(180.0)),
        GreaterThanOrEqual(_Bound(field, function="ST_YMin"), Value(-90.0)),
        LessThanOrEqual(_Bound(field, function="ST_YMax"), Value(90.0)),
    )
    condition = Q(Exact(IsValid(field), Value(value=True))) & Q(Exact(IsEmpty(field), Value(value=False)))
    condition &= Q(LessThanOrEqual(NumPoints(field), Value(max_points)))
    for bound in inside:
        condition &= Q(bound)
    return condition
