"""What the register forgets in time: people who have left, needs, notes of visits, telephones' places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.hooks import Forgetting
from gis_grids.personal import Keep
from households.models import (
    ContactLog,
    Household,
    Need,
    Organisation,
    Residence,
    Resident,
    Visit,
    Volunteer,
)
from households.services.erasing import empty_households, pseudonymise
from households.services.imports.tidying import FORGETTING as IMPORTS
from households.services.organisations import forget_contact_persons
from households.services.volunteers import forget_volunteers

if TYPE_CHECKING:
    from datetime import datetime

#: So many residents or households of each kind are forgotten in one night; the others follow.
MOST_A_NIGHT: Final = 5000


def _needs(until: datetime, is_dry: bool) -> int:  # noqa: FBT001 - a `Forgetting`
    """Delete the needs whose last day is past."""
    rows = Need.objects.filter(days__endswith__lte=timezone.localdate(until))
    return rows.count() if is_dry else rows.delete()[0]


def _notes(until: datetime, is_dry: bool) -> int:  # noqa: FBT001 - a `Forgetting`
    """Empty the notes of visits; that there was one, and its result, stays."""
    rows = Visit.objects.filter(at__lt=until).exclude(note="")
    return rows.count() if is_dry else rows.update(note="")


def _contact_notes(until: datetime, is_dry: bool) -> int:  # noqa: FBT001 - a `Forgetting`
    """Empty the notes of party contacts; that there was one stays."""
    rows = ContactLog.objects.filter(on__lt=timezone.localdate(until)).exclude(note="")
    return rows.count() if is_dry else rows.update(note="")


def _tracks(until: datetime, is_dry: bool) -> int:  # noqa: FBT001 - a `Forgetting`
    """Take away where the visitor's telephone was."""
    rows = Visit.objects.filter(at__lt=until, place__isnull=False)
    return rows.count() if is_dry else rows.update(place=None, accuracy_m=None)


def _gone(until: datetime, is_dry: bool) -> int:  # noqa: FBT001 - a `Forgetting`
    """Make those a number who have lived nowhere here since ``until``, a batch a night."""
    day = timezone.localdate(until)
    still = Residence.objects.filter(resident=OuterRef("pk"))
    still = still.filter(Q(days__upper_inf=True) | Q(days__endswith__gt=day))
    gone = Resident.objects.filter(~Exists(still)).exclude(name__startswith="#")
    if is_dry:
        return gone.count()
    ids = list(gone.order_by("pk").values_list("pk", flat=True)[:MOST_A_NIGHT])
    pseudonymise(ids)
    return len(ids)


def _ended(until: datetime, is_dry: bool) -> int:  # noqa: FBT001 - a `Forgetting`
    """Empty the households that ended before ``until``, a batch a night."""
    rows = Household.objects.filter(ended_on__lt=timezone.localdate(until)).exclude(householder="", phone="")
    if is_dry:
        return rows.count()
    ids = list(rows.order_by("pk").values_list("pk", flat=True)[:MOST_A_NIGHT])
    empty_households(ids)
    return len(ids)


def _volunteers(until: datetime, is_dry: bool) -> int:  # noqa: FBT001 - a `Forgetting`
    """Make those a number who serve no more; what was done stays."""
    rows = Volunteer.objects.filter(days__endswith__lte=timezone.localdate(until))
    rows = rows.exclude(name__startswith="#")
    return rows.count() if is_dry else forget_volunteers(rows)


def _organisations(until: datetime, is_dry: bool) -> int:  # noqa: FBT001 - a `Forgetting`
    """Take the contact person, his number and the note from organisations that are here no more."""
    rows = Organisation.objects.filter(days__endswith__lte=timezone.localdate(until))
    rows = rows.exclude(contact_name="", contact_phone="", note="")
    return rows.count() if is_dry else forget_contact_persons(rows)


FORGETTINGS = (
    Forgetting(Keep.RESIDENT, _("Residents who have left"), _gone),
    Forgetting(Keep.RESIDENT, _("Households that have ended"), _ended),
    Forgetting(Keep.RESIDENT, _("Volunteers who serve no more"), _volunteers),
    Forgetting(Keep.RESIDENT, _("Contacts of organisations that have ended"), _organisations),
    Forgetting(Keep.NEED, _("Needs"), _needs),
    Forgetting(Keep.VISIT, _("Notes of visits"), _notes),
    Forgetting(Keep.VISIT, _("Notes of party contacts"), _contact_notes),
    IMPORTS,
    Forgetting(Keep.TRACK, _("Places where visitors' telephones were"), _tracks),
)
