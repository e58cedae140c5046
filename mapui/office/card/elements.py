"""The six elements of a unit in words: a heading each, and its counts below."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from gis_grids.models import Facility
from gis_grids.selectors import descendant_ids
from gis_grids.small_counts import LEAST
from households.models import Need, OrganisationKind, PartyOrganisation, Topic
from households.selectors.grid_card import RECENT
from incidents.models import Incident, Matter
from incidents.selectors.performance import By, performance
from incidents.workflow import ENDED
from mapui.pages.spans import number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.contrib.auth.models import AbstractBaseUser
    from django.db.models import TextChoices

    from households.selectors.grid_card import SixElements

#: What counts of people are said to be where they are too few to be told.
TOO_FEW = gettext_lazy("fewer than five")
_M2_PER_KM2 = 1_000_000
_SMALL_KM2 = 0.1


@dataclass(frozen=True, slots=True)
class Count:
    """A line of the card: what, and how many, as it is written."""

    label: str
    text: str
    is_part: bool = False


@dataclass(frozen=True, slots=True)
class Element:
    """One of the six: its sign (人), its name, and its counts."""

    sign: str
    title: str
    counts: list[Count]


@dataclass(frozen=True, slots=True)
class Telling:
    """How counts are told: ``least`` is the smallest number of people that is told; none is always told."""

    least: int

    def people(self, label: str, n: int, *, is_part: bool = False) -> Count:
        """Return the line of a count that is of people."""
        return Count(label, str(TOO_FEW) if 0 < n < self.least else number(n), is_part)


#: For the office that keeps the register; for everybody else, and for publication.
EVERYTHING, NO_SMALL_COUNTS = Telling(1), Telling(LEAST)


def elements(found: SixElements, events: list[Count], telling: Telling) -> list[Element]:
    """Return the six elements of a unit in their order."""
    return [
        Element("人", pgettext("element", "People"), _people(found, telling)),
        Element("地", pgettext("element", "Places"), _places(found)),
        Element("物", pgettext("element", "Things"), _things(found)),
        Element("情", pgettext("element", "Sentiment"), _sentiment(found, telling)),
        Element("事", pgettext("element", "Events"), events),
        Element("组织", pgettext("element", "Organisations"), _organisations(found)),
    ]


def events_of(user: AbstractBaseUser, unit_id: int) -> list[Count]:
    """Return the cases of a unit: those open now, and those of the last 90 days by class."""
    now = timezone.now()
    open_now = Incident.objects.filter(unit__in=descendant_ids([unit_id])).exclude(state__in=ENDED).count()
    recent = performance(user, since=now - RECENT, until=now, by=By.CLASS, unit_id=unit_id)
    return [
        Count(_("Open cases"), number(open_now)),
        Count(_("Cases in 90 days"), number(recent.total.cases)),
        *_kinds({str(row.key): row.cases for row in recent.groups}, Matter.Class),
    ]


def _people(found: SixElements, telling: Telling) -> list[Count]:
    counts = [
        telling.people(_("Households"), found.households),
        telling.people(_("Residents"), found.residents),
        telling.people(_("Party-member households"), found.party_households),
        telling.people(_("Party hub households"), found.hub_households),
        telling.people(_("Volunteers"), found.volunteers),
    ]
    if found.needs is None:
        return [*counts, Count(_("Households with a need"), str(_("too few households to tell")))]
    with_need = telling.people(_("Households with a need"), found.households_in_need)
    needs = [telling.people(_need(kind), n, is_part=True) for kind, n in found.needs.items()]
    return [*counts, with_need, *needs]


def _need(kind: str) -> str:
    return str(Need.Kind(kind).label)


def _places(found: SixElements) -> list[Count]:
    km2 = found.area_m2 / _M2_PER_KM2
    area = f"{number(km2, 2)} km²" if km2 >= _SMALL_KM2 else f"{number(found.area_m2)} m²"
    return [
        Count(_("Area"), area),
        Count(_("Residential compounds"), number(found.compounds)),
        Count(_("Buildings"), number(found.buildings)),
        Count(_("Dwellings"), number(found.dwellings)),
    ]


def _things(found: SixElements) -> list[Count]:
    things = {kind: n for kind, n in found.facilities.items() if kind != Facility.Kind.COMPOUND}
    return [
        Count(_("Facilities"), number(sum(things.values()))),
        *_kinds(things, Facility.Kind),
        Count(_("Premises"), f"{number(found.premises_m2)} m²"),
    ]


def _sentiment(found: SixElements, telling: Telling) -> list[Count]:
    return [
        Count(_("Residents' views in 90 days"), number(sum(found.sentiments.values()))),
        *_kinds(found.sentiments, Topic),
        Count(_("Views without an answer"), number(found.unanswered)),
        telling.people(_("Visits in 90 days"), found.visits),
    ]


def _organisations(found: SixElements) -> list[Count]:
    return [
        Count(_("Organisations"), number(sum(found.organisations.values()))),
        *_kinds(found.organisations, OrganisationKind),
        Count(_("Offers to the neighbourhood"), number(found.offers)),
        Count(_("Volunteer teams"), number(found.teams)),
        Count(_("Party organisations"), number(sum(found.party_organisations.values()))),
        *_kinds(found.party_organisations, PartyOrganisation.Kind),
    ]


def _kinds(counts: Mapping[str, int], kinds: type[TextChoices]) -> list[Count]:
    return [Count(str(kinds(kind).label), number(n), is_part=True) for kind, n in counts.items()]
