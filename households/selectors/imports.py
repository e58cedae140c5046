"""Imports as their office sees them: whoever answers for the unit, or one above it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import NotFound
from gis_grids.permissions import scope_of
from gis_grids.personal import Keep
from gis_grids.selectors import descendant_ids
from gis_grids.selectors.retention import days_kept
from households.models import ImportRow, ImportRun
from households.permissions import named_roots

if TYPE_CHECKING:
    from datetime import datetime

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


def undoable_until(run: ImportRun) -> datetime | None:
    """Return until when a finished import can be undone: as long as is kept what it wrote; else None."""
    if run.state != ImportRun.State.DONE or run.finished_at is None:
        return None
    until = run.finished_at + timedelta(days=days_kept(Keep.IMPORT))
    return until if until > timezone.now() else None


def rows_of(run: ImportRun, outcome: str = "", after: int = 0) -> QuerySet[ImportRow]:
    """Return the rows of which there is something to say, of one outcome or all, from behind a row on."""
    rows = run.rows.filter(number__gt=after)
    return rows.filter(outcome=outcome) if outcome else rows
