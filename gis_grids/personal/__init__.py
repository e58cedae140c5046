"""Which field of which table is personal data, how it is masked, and for how long it is kept: one place."""

from gis_grids.personal.classes import KEEP_LABELS, LASTING, UNMASKED, USUAL_DAYS, Keep, Kind, Personal
from gis_grids.personal.fields import DECLARED, personal, shown, undeclared

__all__ = [
    "DECLARED",
    "KEEP_LABELS",
    "LASTING",
    "UNMASKED",
    "USUAL_DAYS",
    "Keep",
    "Kind",
    "Personal",
    "personal",
    "shown",
    "undeclared",
]
