"""The party marks of a household follow its members, hubs and contacts: here, and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from gis_grids.selectors.hierarchy import listed
from households.models import ContactLink, HubMember, PartyHub, PartyMember, Residence
from households.services.party.days import end_open

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection

#: The marks, by the household's fields.
MARKS: Final = ("is_party_member_household", "is_party_hub_household", "is_party_contact_household")

# A mark that came with an import stands until a member of the household is known by name.
_FOLLOW: Final = """
WITH members AS (
    SELECT r.household_id, bool_or(
        m.left_on IS NULL AND m.stage <> 'proposed' AND r.days @> %(on)s::date
    ) AS lives
    FROM households_residence r JOIN households_partymember m ON m.resident_id = r.resident_id
    WHERE r.household_id = ANY(%(households)s)
    GROUP BY r.household_id
),
hubs AS (
    SELECT household_id, bool_or(upper_inf(days)) AS is_open FROM households_partyhub
    WHERE household_id = ANY(%(households)s)
    GROUP BY household_id
),
marked AS (
    SELECT h.id, coalesce(members.lives, h.is_party_member_household) AS is_member,
           EXISTS (
               SELECT FROM households_contactlink
               WHERE household_id = h.id AND upper_inf(days)
           ) AS is_contact,
           coalesce(members.lives, h.is_party_member_household)
           AND coalesce(hubs.is_open, h.is_party_hub_household) AS is_hub
    FROM households_household h
    LEFT JOIN members ON members.household_id = h.id LEFT JOIN hubs ON hubs.household_id = h.id
    WHERE h.id = ANY(%(households)s)
)
UPDATE households_household h
SET is_party_member_household = is_member, is_party_hub_household = is_hub,
    is_party_contact_household = is_contact
FROM marked
WHERE marked.id = h.id
AND (h.is_party_member_household, h.is_party_hub_household, h.is_party_contact_household)
    IS DISTINCT FROM (is_member, is_hub, is_contact)
"""


@transaction.atomic
def follow_marks(*, household_ids: Collection[int], on: dt.date | None = None) -> None:
    """Bring the marks of the households up to date; call it whenever who lives there changes.

    A hub whose keeper lives there no longer, or is no member any more, ends on that day (default: today);
    hubs and contacts of a household that has ended go with it. Who has died is a member no more.
    """
    day = on or timezone.localdate()
    ids = sorted({*household_ids, *_release_the_dead(household_ids)})
    _end_hubs(ids, day)
    end_open(ContactLink.objects.filter(household__in=listed(ids), household__ended_on__lte=day), day)
    with connection.cursor() as cursor:
        cursor.execute(_FOLLOW, {"households": ids, "on": day})


def homes_of(resident_ids: Collection[int]) -> list[int]:
    """Return the households that the residents live in now, or have lived in."""
    rows = Residence.objects.filter(resident__in=resident_ids)
    return list(rows.values_list("household", flat=True).distinct())


def let_go(member: PartyMember, on: dt.date) -> list[int]:
    """End what a member is and does with a day, and return the households whose marks that concerns."""
    member.left_on = on
    member.save(update_fields=["left_on"])
    contacts = ContactLink.objects.filter(member=member, days__upper_inf=True)
    homes = [*homes_of([member.resident_id]), *contacts.values_list("household", flat=True)]
    end_open(contacts, on)
    end_open(member.affiliations.all(), on)
    end_open(member.roles.all(), on, "term")
    end_open(HubMember.objects.filter(member=member), on)
    return homes


def _release_the_dead(household_ids: Collection[int]) -> list[int]:
    died = Residence.objects.filter(
        household__in=listed(household_ids),
        left_for=Residence.LeftFor.DIED,
        resident__party_member__left_on=None,
        resident__party_member__isnull=False,
    )
    return [
        home
        for residence in died.select_related("resident__party_member")
        for home in let_go(residence.resident.party_member, residence.days.upper)
    ]


def _end_hubs(household_ids: list[int], on: dt.date) -> None:
    at_home = Residence.objects.filter(
        household=OuterRef("household"), resident=OuterRef("keeper__resident"), days__contains=on
    )
    over = PartyHub.objects.filter(
        Q(keeper__left_on__isnull=False) | Q(household__ended_on__lte=on) | ~Exists(at_home),
        household__in=listed(household_ids),
        days__upper_inf=True,
    )
    hubs = list(over.values_list("pk", flat=True))
    end_open(HubMember.objects.filter(hub__in=hubs), on)
    end_open(PartyHub.objects.filter(pk__in=hubs), on)
