"""The catalogue of matters: what is written once stays, a change is a new version."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import Conflict, NotFound, Refused, Stale
from gis_grids.permissions import scope_of
from incidents.catalogue import MATTERS, MatterEntry
from incidents.models import Matter, Mode, TimeLimit
from incidents.permissions import may_edit_catalogue
from incidents.selectors.matters import PLAIN_FIELDS, fields_of
from incidents.services.matter_checks import checked
from incidents.services.templates import load_templates
from incidents.workflow import Priority

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

    from incidents.selectors.matters import MatterFields

_LIMITS = ("feedback_minutes", "handling_minutes", "resolve_minutes")
#: Into how many parts the time of a normal case is cut.
_HURRY = {Priority.NORMAL: 1, Priority.URGENT: 2, Priority.CRITICAL: 4}
_MODES = {Mode.NORMAL: 1, Mode.EMERGENCY: 2}


@transaction.atomic
def load_matters() -> int:
    """Add the matters of the first catalogue whose code is not there in any version; return how many.

    What a place has changed, or withdrawn, stays as it is: loading again is harmless. The first templates
    come with them, where there are none.
    """
    known = set(Matter.objects.values_list("code", flat=True))
    new = {
        entry.code: Matter(order=10 * place, **_fields(entry))
        for place, entry in enumerate(MATTERS, start=1)
        if entry.code not in known
    }
    stored = Matter.objects.bulk_create(new.values())
    limits = [limit for entry in MATTERS if entry.code in new for limit in _limits(entry, new[entry.code])]
    TimeLimit.objects.bulk_create(limits)
    load_templates()
    return len(stored)


@transaction.atomic
def save_matter(*, actor: AbstractBaseUser, code: str, fields: MatterFields, expected_version: int) -> Matter:
    """Write a matter's next version, or a new matter (``expected_version`` 0); return what counts now.

    The version before stays, with the cases that were reported under it; what is reported from now on is
    under the new one. If nothing is changed there is no new version. ``expected_version`` is the one that
    the editor looked at: of two editors at once the later is told, and nothing is lost.

    Raises `Refused` (``catalogue.not_yours``), `NotFound` (``matter.not_found``), `Stale`
    (``matter.stale``), `Conflict` (``matter.code_taken``, ``matter.withdrawn``), and the first `BadInput`
    that `matter_checks.checked` finds.
    """
    check_may_edit(actor)
    fields, findings = checked(code, fields)
    if findings:
        raise findings[0]
    last = lock_matter(code)
    if last is None and expected_version:
        raise _not_found(code)
    if last and not expected_version:
        raise Conflict(
            "matter.code_taken", _("The code “%(code)s” was given already. Choose another."), {"code": code}
        )
    if last is None:
        return _write(actor, code, 1, fields)
    _check_version(last, expected_version)
    if not last.is_current:
        raise Conflict("matter.withdrawn", _("This matter was withdrawn. Restore it first, then change it."))
    if fields_of(last) == fields:
        return last
    last.is_current = False
    last.save(update_fields=["is_current"])
    return _write(actor, code, last.version + 1, fields)


@transaction.atomic
def withdraw_matter(*, actor: AbstractBaseUser, code: str, expected_version: int) -> Matter:
    """Let a matter be reported no more; its cases go on.

    Raises `Refused` (``catalogue.not_yours``), `NotFound` (``matter.not_found``), `Stale`
    (``matter.stale``), `Conflict` (``matter.withdrawn``).
    """
    last = _last(actor, code, expected_version)
    if not last.is_current:
        raise Conflict("matter.withdrawn", _("This matter was withdrawn already."))
    last.is_current, last.withdrawn_at, last.withdrawn_by_id = False, timezone.now(), actor.pk
    last.save(update_fields=["is_current", "withdrawn_at", "withdrawn_by"])
    return last


@transaction.atomic
def restore_matter(*, actor: AbstractBaseUser, code: str, expected_version: int) -> Matter:
    """Let a withdrawn matter be reported again, as it was: in a version of its own.

    Raises `Refused` (``catalogue.not_yours``), `NotFound` (``matter.not_found``), `Stale`
    (``matter.stale``), `Conflict` (``matter.not_withdrawn``).
    """
    last = _last(actor, code, expected_version)
    if last.is_current:
        raise Conflict("matter.not_withdrawn", _("This matter is in the catalogue already."))
    return _write(actor, code, last.version + 1, fields_of(last))


def check_may_edit(actor: AbstractBaseUser) -> None:
    """Raise `Refused` (``catalogue.not_yours``) if he may not edit the catalogue."""
    if not may_edit_catalogue(scope_of(actor)):
        raise Refused(
            "catalogue.not_yours",
            _("The catalogue is kept by the district: its office, its planners and its centre. Ask them."),
        )


def lock_matter(code: str) -> Matter | None:
    """Return the latest version of a matter; nobody else changes the matter until the transaction ends.

    It's locked by its code, as another editor's new version is a row that isn't there yet; reports under the
    version that counts don't wait.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('matter ' || %s, 0))", [code])
    return Matter.objects.filter(code=code).prefetch_related("limits").order_by("-version").first()


def _last(actor: AbstractBaseUser, code: str, expected_version: int) -> Matter:
    check_may_edit(actor)
    last = lock_matter(code)
    if last is None:
        raise _not_found(code)
    _check_version(last, expected_version)
    return last


def _check_version(last: Matter, expected: int) -> None:
    if last.version != expected:
        raise Stale(
            "matter.stale",
            _("Somebody else has changed this matter meanwhile. Look at it, then decide again."),
            {"version": last.version},
        )


def _not_found(code: str) -> NotFound:
    return NotFound("matter.not_found", _("The catalogue has no matter “%(code)s”."), {"code": code})


def _write(actor: AbstractBaseUser, code: str, version: int, fields: MatterFields) -> Matter:
    plain = {name: getattr(fields, name) for name in PLAIN_FIELDS}
    plain |= {"route": list(fields.route), "errand_steps": list(fields.errand_steps)}
    matter = Matter.objects.create(code=code, version=version, changed_by_id=actor.pk, **plain)
    TimeLimit.objects.bulk_create(
        TimeLimit(matter=matter, priority=priority, mode=mode, **asdict(limits))
        for (priority, mode), limits in fields.limits.items()
    )
    return matter


def _fields(entry: MatterEntry) -> dict[str, object]:
    fields = entry._asdict()
    lists = {"errand_steps": list(entry.errand_steps), "route": list(entry.route)}
    return {name: value for name, value in fields.items() if name not in {*_LIMITS, "calendar"}} | lists


def _limits(entry: MatterEntry, matter: Matter) -> list[TimeLimit]:
    return [
        TimeLimit(
            matter=matter,
            priority=priority,
            mode=mode,
            calendar=entry.calendar if mode is Mode.NORMAL else TimeLimit.Calendar.ALWAYS,
            **{name: max(1, getattr(entry, name) // (hurry * haste)) for name in _LIMITS},
        )
        for priority, hurry in _HURRY.items()
        for mode, haste in _MODES.items()
    ]
