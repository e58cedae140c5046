"""The catalogue of matters."""

from __future__ import annotations

from django.db import transaction

from incidents.catalogue import MATTERS, MatterEntry
from incidents.models import Matter, Mode, TimeLimit
from incidents.workflow import Priority

_LIMITS = ("feedback_minutes", "handling_minutes", "resolve_minutes")
#: Into how many parts the time of a normal case is cut.
_HURRY = {Priority.NORMAL: 1, Priority.URGENT: 2, Priority.CRITICAL: 4}
_MODES = {Mode.NORMAL: 1, Mode.EMERGENCY: 2}


@transaction.atomic
def load_matters() -> int:
    """Add the matters of the first catalogue whose code is not there in any version; return how many.

    What a place has changed, or withdrawn, stays as it is: loading again is harmless.
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
    return len(stored)


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
