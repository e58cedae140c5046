"""What the register forgets in time: needs, the notes of visits, where visitors' telephones were."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.hooks import Forgetting
from gis_grids.personal import Keep
from households.models import Need, Visit

if TYPE_CHECKING:
    from datetime import datetime


def _needs(until: datetime, is_dry: bool) -> int:  # noqa: FBT001 - a `Forgetting`
    """Delete the needs whose last day is past."""
    rows = Need.objects.filter(days__endswith__lte=timezone.localdate(until))
    return rows.count() if is_dry else rows.delete()[0]


def _notes(until: datetime, is_dry: bool) -> int:  # noqa: FBT001 - a `Forgetting`
    """Empty the notes of visits; that there was one, and its result, stays."""
    rows = Visit.objects.filter(at__lt=until).exclude(note="")
    return rows.count() if is_dry else rows.update(note="")


def _tracks(until: datetime, is_dry: bool) -> int:  # noqa: FBT001 - a `Forgetting`
    """Take away where the visitor's telephone was."""
    rows = Visit.objects.filter(at__lt=until, place__isnull=False)
    return rows.count() if is_dry else rows.update(place=None, accuracy_m=None)


FORGETTINGS = (
    Forgetting(Keep.NEED, _("Needs"), _needs),
    Forgetting(Keep.VISIT, _("Notes of visits"), _notes),
    Forgetting(Keep.TRACK, _("Places where visitors' telephones were"), _tracks),
)
