"""Imports as their office sees them: whoever answers for the unit, or one above it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from gis_grids.errors import NotFound
from gis_grids.permissions import scope_of
from gis_grids.selectors import descendant_ids
from households.models import ImportRow, ImportRun
from households.permissions import named_roots

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser
    from django.db.models import QuerySet

#: So many rows of an import are on a page.
ROWS_ON_PAGE: Final = 100


def imports_of(user: AbstractBaseUser) -> QuerySet[ImportRun]:
    """Return the imports into the units that the user's office answers for, the newest first."""
    below = descendant_ids(named_roots(scope_of(user)))
    return ImportRun.objects.filter(unit__in=below).select_related("author", "unit")


def access_import(user: AbstractBaseUser, run_id: int) -> ImportRun:
    """Return an import. Raises `NotFound` ("import.unknown") if there is none, or it is another's."""
    run = imports_of(user).filter(pk=run_id).first()
    if run is None:
        raise NotFound("import.unknown", _("There is no such import in your units."))
    return run


def rows_of(run: ImportRun, outcome: str = "", after: int = 0) -> QuerySet[ImportRow]:
    """Return the rows of which there is something to say, of one outcome or all, from behind a row on."""
    rows = run.rows.filter(number__gt=after)
    return rows.filter(outcome=outcome) if outcome else rows
