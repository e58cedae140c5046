"""Norms are set, and what units got to pay for their service is noted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput, Conflict, NotFound, Refused
from gis_grids.levels import Level
from gis_grids.models import ServiceNorm, Unit, UnitFunds
from gis_grids.norms import SEED_NORMS, NormKind
from gis_grids.permissions import OFFICE, scope_of
from gis_grids.selectors.hierarchy import ancestors
from gis_grids.services.texts import clean_text

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from django.contrib.auth.models import AbstractBaseUser

#: Norms are a district's to set, or of who stands above it.
NORMS_SET_FROM: Final = Level.DISTRICT
LONGEST_BASIS: Final = 200


@transaction.atomic
def set_norm(  # noqa: PLR0913 - what a norm consists of
    *,
    actor: AbstractBaseUser,
    kind: NormKind,
    scope_id: int,
    least: float | None,
    most: float | None,
    basis: str,
) -> ServiceNorm:
    """Set what holds in a unit and below it from now on; what held before there ends, and is kept.

    Raises `Refused` ("norm.not_yours") unless the actor has an office post of the district or above it,
    `BadInput` ("norm.no_bound", "norm.not_in_order", "norm.no_basis").
    """
    check_may_set_norms(actor, scope_id)
    basis = clean_text(basis, limit=LONGEST_BASIS)
    if least is None and most is None:
        raise BadInput("norm.no_bound", _("Say at least how much, or at most how much, or both."))
    if most is not None and (most <= 0 or most < (least or 0)):
        raise BadInput("norm.not_in_order", _("“At most” must be above zero, and not below “at least”."))
    if not basis:
        raise BadInput("norm.no_basis", _("Name the document that says so."))
    now = _turn(scope_id)
    _end_norm(kind, scope_id, now)
    return ServiceNorm.objects.create(
        kind=kind,
        scope_id=scope_id,
        least=least,
        most=most,
        basis=basis,
        valid=DateTimeTZRange(now, None),
        set_by_id=actor.pk,
    )


@transaction.atomic
def drop_norm(*, actor: AbstractBaseUser, norm_id: int) -> None:
    """End a district's own norm: what holds above it, or everywhere, holds there again.

    Raises `NotFound` ("norm.unknown"), `Refused` ("norm.not_yours"), `Conflict` ("norm.over").
    """
    norm = ServiceNorm.objects.filter(pk=norm_id, scope__isnull=False).first()
    if norm is None or norm.scope_id is None:
        raise NotFound("norm.unknown", _("There is no such norm of a district."))
    check_may_set_norms(actor, norm.scope_id)
    if not _end_norm(NormKind(norm.kind), norm.scope_id, _turn(norm.scope_id)):
        raise Conflict("norm.over", _("This norm holds no more."))


@transaction.atomic
def note_funds(  # noqa: PLR0913 - what the year consists of
    *,
    actor: AbstractBaseUser,
    unit_id: int,
    year: int,
    service_yuan: Decimal,
    office_yuan: Decimal,
    benefit_yuan: Decimal,
) -> UnitFunds:
    """Note what a unit got in a year (yuan); entered again, it replaces what was noted.

    Raises `Refused` ("funds.not_yours") unless the actor has an office post of the unit or above it.
    """
    if ancestors_of(unit_id).isdisjoint(scope_of(actor).roots(OFFICE)):
        raise Refused("funds.not_yours", _("The funds of this unit are noted by its own office."))
    funds, _is_new = UnitFunds.objects.update_or_create(
        unit_id=unit_id,
        year=year,
        defaults={
            "service_yuan": service_yuan,
            "office_yuan": office_yuan,
            "benefit_yuan": benefit_yuan,
            "noted_by_id": actor.pk,
        },
    )
    return funds


def check_may_set_norms(actor: AbstractBaseUser, scope_id: int) -> None:
    """Raise `Refused` ("norm.not_yours") unless an office post of the district or above covers the unit."""
    roots = scope_of(actor).roots(OFFICE)
    high = set(Unit.objects.filter(pk__in=roots, level__in=levels_that_set()).values_list("pk", flat=True))
    if ancestors_of(scope_id).isdisjoint(high):
        raise Refused("norm.not_yours", _("Norms are set by the office of the district, or above it."))


def levels_that_set() -> list[str]:
    """Return the levels whose offices set norms."""
    return [level for level in Level if level.depth <= NORMS_SET_FROM.depth]


def ancestors_of(unit_id: int) -> frozenset[int]:
    """Return the unit and all above it; nothing for a unit that there isn't."""
    return frozenset(ancestors([unit_id]).get(unit_id, ()))


def begin_with_norms() -> None:
    """Add the norms of the seed documents where no norm holds everywhere (an emptied database)."""
    known = set(ServiceNorm.objects.filter(scope=None).values_list("kind", flat=True))
    ServiceNorm.objects.bulk_create(
        ServiceNorm(
            kind=norm.kind,
            least=norm.least,
            most=norm.most,
            basis=norm.basis,
            valid=DateTimeTZRange(None, None),
        )
        for norm in SEED_NORMS
        if norm.kind not in known
    )


def _turn(scope_id: int) -> datetime:
    """Wait for who else sets norms there, and return the time from which on this one does."""
    list(Unit.objects.select_for_update().filter(pk=scope_id))
    return timezone.now()


def _end_norm(kind: NormKind, scope_id: int, at: datetime) -> bool:
    """End the scope's own norm of a kind; tell whether there was one."""
    norm = ServiceNorm.objects.filter(kind=kind, scope=scope_id, valid__contains=at).first()
    if norm is None:
        return False
    norm.valid = DateTimeTZRange(norm.valid.lower, at)
    norm.save(update_fields=["valid"])
    return True
