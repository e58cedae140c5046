"""Which field of which table is personal data, how it is masked, and for how long it is kept: one place."""

from gis_grids.personal.classes import Keep, Kind, Personal
from gis_grids.personal.fields import DECLARED, personal, shown, undeclared

__all__ = ["DECLARED", "Keep", "Kind", "Personal", "personal", "shown", "undeclared"]
