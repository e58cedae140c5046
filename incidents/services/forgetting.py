"""What cases forget in time: numbers left with them, and where the telephones of reporters were."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gis_grids.hooks import Forgetting
from gis_grids.personal import Keep
from incidents.models import Incident, ResidentContact
from incidents.workflow import ENDED, State

if TYPE_CHECKING:
    from datetime import datetime


def _contacts(until: datetime, is_dry: bool) -> int:  # noqa: FBT001 - a `Forgetting`
    """Delete the numbers of cases that have ended. A duplicate ends with its master, which may be open."""
    ended = Q(state__in=ENDED - {State.DUPLICATE}, state_since__lt=until)
    merged = Q(merged_into__state__in=ENDED, merged_into__state_since__lt=until)
    rows = ResidentContact.objects.filter(incident__in=Incident.objects.filter(ended | merged))
    return rows.count() if is_dry else rows.delete()[0]


def _tracks(until: datetime, is_dry: bool) -> int:  # noqa: FBT001 - a `Forgetting`
    """Take away where the reporter's telephone was; where the case is stays."""
    rows = Incident.objects.filter(received_at__lt=until, device_place__isnull=False)
    if is_dry:
        return rows.count()
    return rows.update(device_place=None, device_accuracy_m=None, device_datum="")


FORGETTINGS = (
    Forgetting(Keep.CONTACT, _("Telephone numbers of residents"), _contacts),
    Forgetting(Keep.TRACK, _("Places where reporters' telephones were"), _tracks),
)
