"""Joint committees as the office reads them: their member units, and what is due."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F
from django.utils import timezone

from gis_grids.permissions import scope_of
from gis_grids.selectors.under import lies_under
from households.models import JointDuty, JointMember, Organisation
from households.permissions import named_roots
from households.selectors.party.access import organisations_below

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.contrib.auth.models import AbstractBaseUser
    from django.db.models import QuerySet

    from gis_grids.permissions import Scope
    from households.models import PartyOrganisation


def joint_members(committee: PartyOrganisation) -> QuerySet[JointMember]:
    """Return the member units of a joint committee, former ones last."""
    rows = committee.joint_members.select_related("organisation", "local_unit")
    return rows.order_by("-days__upper_inf", "pk")


def duties_of(committee: PartyOrganisation) -> QuerySet[JointDuty]:
    """Return the duties of a joint committee: what is to be done by its day, then what was done last."""
    rows = committee.duties.select_related("member__organisation", "member__local_unit", "written_by")
    return rows.order_by(F("done_on").desc(nulls_first=True), "due_on", "pk")


def duties_overdue(scope: Scope) -> QuerySet[JointDuty]:
    """Return what the joint committees of the office should have done by today."""
    ours = organisations_below(named_roots(scope)).values("pk")
    late = JointDuty.objects.filter(committee__in=ours, done_on=None, due_on__lt=timezone.localdate())
    return late.select_related("committee").order_by("due_on")


def pledges_shown(unit_ids: Collection[int]) -> QuerySet[JointDuty]:
    """Return the pledges (承诺公示) that the joint committees for these units show to residents."""
    committees = JointDuty.objects.filter(
        kind=JointDuty.Kind.PLEDGE, is_public=True, committee__days__upper_inf=True
    )
    ours = committees.filter(committee__grounds__unit__in=unit_ids, committee__grounds__days__upper_inf=True)
    return ours.select_related("committee", "member__organisation", "member__local_unit").order_by("due_on")


def local_units_for(user: AbstractBaseUser) -> QuerySet[Organisation]:
    """Return the local units (驻区单位) in the units that the office keeps."""
    ours = lies_under(named_roots(scope_of(user)), "place")
    return Organisation.objects.filter(ours, days__upper_inf=True).order_by("name")
