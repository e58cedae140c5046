"""Organisations of the neighbourhood, and what they offer: where, when, and how far away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.contrib.gis.db.models.functions import Distance
from django.contrib.gis.geos import Point
from django.db.models import Prefetch, Q
from django.utils import timezone

from gis_grids.opening import is_open
from gis_grids.personal import shown
from gis_grids.selectors.under import lies_under
from households.models import Offer, Organisation
from households.permissions import named_roots, register_roots

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from gis_grids.permissions import Scope

#: So many of the nearest are looked through and shown.
MOST_NEAR: Final = 50


@dataclass(frozen=True, slots=True)
class Contact:
    """The person to ask, as the reader may know him."""

    name: str
    phone: str
    is_in_clear: bool


@dataclass(frozen=True, slots=True)
class NearOffer:
    """An offer, its distance in metres as the crow flies, and whether it is open now (None: not known)."""

    offer: Offer
    metres: float
    is_open: bool | None

    @property
    def kilometres(self) -> float:
        """The distance in kilometres."""
        return self.metres / 1000


def organisations_of(scope: Scope, *, ended: bool = False) -> QuerySet[Organisation]:
    """Return the organisations on the ground where the person may read the register; those there now."""
    rows = Organisation.objects.filter(lies_under(register_roots(scope), "place"))
    return rows if ended else rows.filter(days__contains=timezone.localdate())


def with_offers(rows: QuerySet[Organisation]) -> QuerySet[Organisation]:
    """Return them with ``current_offers``: what each offers now."""
    current = Offer.objects.filter(days__contains=timezone.localdate())
    return rows.prefetch_related(Prefetch("offers", queryset=current, to_attr="current_offers"))


def found(rows: QuerySet[Organisation], words: str) -> QuerySet[Organisation]:
    """Return those whose name, address or offer has the words. Nobody is found by a contact's name."""
    if not words:
        return rows
    offering = Offer.objects.filter(title__icontains=words, days__contains=timezone.localdate())
    named = Q(name__icontains=words) | Q(address__icontains=words)
    return rows.filter(named | Q(pk__in=offering.values("organisation")))


def editable(scope: Scope, organisation_id: int) -> bool:
    """Tell whether the person's office keeps the organisation."""
    return Organisation.objects.filter(lies_under(named_roots(scope), "place"), pk=organisation_id).exists()


def contacts(scope: Scope, rows: Iterable[Organisation]) -> dict[int, Contact]:
    """Return the contact of each: in clear on the ground of the reader's office, else masked."""
    rows = list(rows)
    ours = Organisation.objects.filter(
        lies_under(named_roots(scope), "place"), pk__in=[row.pk for row in rows]
    )
    in_clear = set(ours.values_list("pk", flat=True))
    return {
        row.pk: Contact(
            shown("households.Organisation.contact_name", row.contact_name, in_clear=row.pk in in_clear),
            shown("households.Organisation.contact_phone", row.contact_phone, in_clear=row.pk in in_clear),
            is_in_clear=row.pk in in_clear,
        )
        for row in rows
    }


def nearest_offers(  # noqa: PLR0913 - the question has this many sides
    scope: Scope,
    *,
    lon: float,
    lat: float,
    kind: str = "",
    only_open: bool = False,
    at: dt.datetime | None = None,
) -> list[NearOffer]:
    """Return the offers nearest to a place (lon/lat, degrees), at most `MOST_NEAR`, the nearest first.

    ``only_open``: those that are open at `at` (default: now), of which it is known that they are.
    """
    moment = timezone.localtime(at)
    here = Point(lon, lat, srid=4326)
    ours = organisations_of(scope).values("pk")
    rows = Offer.objects.filter(organisation__in=ours, days__contains=moment.date())
    if kind:
        rows = rows.filter(kind=kind)
    rows = rows.select_related("organisation").annotate(away=Distance("organisation__place", here))
    offers = []
    for offer in rows.order_by("away", "pk").iterator(chunk_size=200):
        opens = is_open(offer.opening, moment)
        if opens or not only_open:
            offers.append(NearOffer(offer, offer.away.m, opens))
        if len(offers) == MOST_NEAR:
            break
    return offers
