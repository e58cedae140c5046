"""Quarterly reports: begun with one click, written as a draft, filed, and taken back to be corrected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput, Conflict, NotFound, Refused, Stale
from gis_grids.permissions import scope_of
from gis_grids.selectors import chains
from gis_grids.services.texts import clean_text
from incidents.models import QuarterlyReport
from incidents.models.quarterly import SECTIONS
from incidents.permissions import may_write_reports

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.contrib.auth.models import AbstractBaseUser

    from incidents.selectors.quarterly import Quarter

MAX_SECTION: Final = 4000


@transaction.atomic
def begin_report(
    *, actor: AbstractBaseUser, unit_id: int, quarter: Quarter, texts: Mapping[str, str]
) -> QuarterlyReport:
    """Begin the report of a unit on a quarter with these texts; where there is one already, it is that one.

    Raises `NotFound` (``unit.unknown``), `Refused` (``quarterly.not_yours``), `BadInput`
    (``quarterly.not_begun``, ``text.*``).
    """
    _check_may(actor, unit_id)
    if quarter.first > timezone.localdate():
        raise BadInput("quarterly.not_begun", _("This quarter hasn't begun. Choose one that has."))
    report, _is_new = QuarterlyReport.objects.get_or_create(
        unit_id=unit_id,
        year=quarter.year,
        quarter=quarter.number,
        defaults={"written_at": timezone.now(), "written_by_id": actor.pk, **_clean(texts)},
    )
    return report


@transaction.atomic
def save_report(
    *, actor: AbstractBaseUser, report_id: int, expected_version: int, texts: Mapping[str, str]
) -> QuarterlyReport:
    """Keep the texts of a draft; ``expected_version`` is the version that its writer has read.

    Raises `NotFound`, `Refused` (``quarterly.not_yours``), `Conflict` (``quarterly.filed``), `Stale`
    (``quarterly.changed``), `BadInput` (``text.*``).
    """
    report = _locked(actor, report_id, expected_version)
    if report.filed_at:
        raise Conflict("quarterly.filed", _("This report is filed. Take it back to change it."))
    for name, text in _clean(texts).items():
        setattr(report, name, text)
    return _written(report, actor)


@transaction.atomic
def file_report(
    *, actor: AbstractBaseUser, report_id: int, expected_version: int, figures: dict[str, Any]
) -> QuarterlyReport:
    """File a draft with the figures that it shows; they and the texts stay as they are.

    Raises as `save_report`, and `BadInput` (``quarterly.running``) while the quarter isn't over.
    """
    report = _locked(actor, report_id, expected_version)
    if report.filed_at:
        raise Conflict("quarterly.filed", _("This report is filed. Take it back to change it."))
    today = timezone.localdate()
    if (report.year, report.quarter) >= (today.year, (today.month - 1) // 3 + 1):
        raise BadInput("quarterly.running", _("The quarter isn't over. File the report when it is."))
    report.filed_at, report.filed_by_id, report.figures = timezone.now(), actor.pk, figures
    return _written(report, actor)


@transaction.atomic
def take_back_report(*, actor: AbstractBaseUser, report_id: int, expected_version: int) -> QuarterlyReport:
    """Make a filed report a draft again, with the figures of the moment.

    Raises as `save_report`, and `Conflict` (``quarterly.draft``) for a draft.
    """
    report = _locked(actor, report_id, expected_version)
    if not report.filed_at:
        raise Conflict("quarterly.draft", _("This report isn't filed."))
    report.filed_at, report.filed_by_id, report.figures = None, None, None
    return _written(report, actor)


def _locked(actor: AbstractBaseUser, report_id: int, expected_version: int) -> QuarterlyReport:
    report = QuarterlyReport.objects.select_for_update().filter(pk=report_id).first()
    if report is None:
        raise NotFound("quarterly.not_found", _("There is no such report in your area."))
    _check_may(actor, report.unit_id)
    if report.version != expected_version:
        raise Stale(
            "quarterly.changed",
            _("Somebody has changed this report since you opened it. Compare both texts, then save again."),
        )
    return report


def _written(report: QuarterlyReport, actor: AbstractBaseUser) -> QuarterlyReport:
    report.version += 1
    report.written_at, report.written_by_id = timezone.now(), actor.pk
    report.save()
    return report


def _clean(texts: Mapping[str, str]) -> dict[str, str]:
    return {name: clean_text(texts[name], limit=MAX_SECTION) for name in SECTIONS if name in texts}


def _check_may(actor: AbstractBaseUser, unit_id: int) -> None:
    chain = chains([unit_id]).get(unit_id)
    scope = scope_of(actor)
    if chain is None or scope.roots().isdisjoint(link.unit_id for link in chain):
        raise NotFound("unit.unknown", _("There is no such unit in your area."))
    if not may_write_reports(scope, chain):
        raise Refused(
            "quarterly.not_yours",
            _("Reports are written by the leads, the office and the centre of a unit, or of one above it."),
        )
