"""What cases forget in time: numbers left with them, and where the telephones of reporters were."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pgtrigger
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gis_grids.hooks import Forgetting
from gis_grids.personal import Keep
from incidents.models import Attachment, Incident, IncidentEvent, Rating, ResidentContact
from incidents.services.blobs import discard
from incidents.workflow import ENDED, State

if TYPE_CHECKING:
    from collections.abc import Collection
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


def empty_errands(household_ids: Collection[int]) -> None:
    """Take words and pictures from the errands for households of which nobody is known by name any more.

    That there was such a case, when, and how it went, stays. The feed is append-only for everybody else.
    """
    errands = Incident.objects.filter(household__in=household_ids)
    ids = list(errands.values_list("pk", flat=True))
    if not ids:
        return
    Rating.objects.filter(incident__in=ids).exclude(comment="").update(comment="")
    ResidentContact.objects.filter(incident__in=ids).delete()
    discard(Attachment.objects.filter(origin__in=ids))
    with pgtrigger.ignore("incidents.IncidentEvent:append_only"):
        IncidentEvent.objects.filter(incident__in=ids).exclude(note="").update(note="")
    errands.update(text="", household=None)


FORGETTINGS = (
    Forgetting(Keep.CONTACT, _("Telephone numbers of residents"), _contacts),
    Forgetting(Keep.TRACK, _("Places where reporters' telephones were"), _tracks),
)
