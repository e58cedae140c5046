"""From the phone's report to an incident: idempotent, in batches, one bad report failing alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput, Conflict, LingeError, NotFound, Refused
from gis_grids.prepared import prepared_cursor
from gis_grids.selectors import ChainLink, Located, chains, extent, locate
from gis_grids.services import rely_on_boundaries
from incidents.models import Incident, IncidentEvent, case_number
from incidents.permissions import who_may_report
from incidents.selectors.rulebook import rulebook
from incidents.services.deadlines import Deadlines, Opening, deadlines_for
from incidents.services.feed import NewEvent, append
from incidents.services.jobs import enqueue_checks
from incidents.services.report_content import Content, read_content
from incidents.services.report_parts import file_faults, household_faults, store_parts
from incidents.services.routing import NewCase, route_new
from incidents.services.rows import arrays, columns, unnest
from incidents.workflow import Action, Actor, State

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from gis_grids.selectors import Extent
    from incidents.models import Matter
    from incidents.selectors.rulebook import Rulebook
    from incidents.services.report_content import NewReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """What became of a report. ``position`` is its event's place in the feed, ``chain`` from the top down."""

    incident_id: int
    number: str
    received_at: datetime
    chain: tuple[ChainLink, ...]
    outside_m: float | None
    is_repeat: bool
    position: int


@dataclass(frozen=True, slots=True)
class _Row:
    """A report that is to be stored, with its matter and its place in the grid."""

    content: Content
    matter_id: int
    located: Located
    deadlines: Deadlines


def report_incident(*, report: NewReport) -> Reported:
    """Store one report: see `report_incidents`. Raises the `LingeError` that it answers there."""
    [answer] = report_incidents(reports=[report])
    if isinstance(answer, LingeError):
        raise answer
    return answer


def report_incidents(*, reports: Sequence[NewReport]) -> list[Reported | LingeError]:
    """Store reports in one transaction; return for each, in order, what became of it or what was wrong.

    One bad report fails alone. The same id with the same content is answered again as the first time
    (``is_repeat``), even if the reporter has lost his post since; with other content it's a `Conflict`.
    A place outside every unit is accepted with the nearest one (``outside_m``), up to about 100 km from
    the units (``point.far_away`` beyond: the phone keeps the report). A device's clock is noted, never
    believed: an observation in the future is stored with the skew.

    Errors: `BadInput` (``text.*``, ``report.*``, ``matter.unknown``, ``matter.not_for_residents``,
    ``priority.unknown``, ``attachment.*``, ``contact.phone``), `InvalidPoint` (``point.*``), `Refused`
    (``report.no_post``), `NotFound` (``no_units``, ``household.not_found``), `Conflict`
    (``report.other_content``, ``attachment.other_content``).

    Eight statements for a batch of any size: extent, version of the rules, posts, a lock, places, insertion,
    jobs, feed; some more when the rules have changed or limits count in duty hours, three when a case is
    assigned at once, two when a place lies outside, two when a report was there already, three when files
    are declared, one when numbers were left, three for households, two or three for errands.
    """
    with transaction.atomic():
        # First: whoever waits for a boundary is received after it, and lies by his time where he is put.
        rely_on_boundaries()
        box = extent()
        contents = [_read(report, box) for report in reports]
        sound = {n: content for n, content in enumerate(contents) if isinstance(content, Content)}
        rules = rulebook()
        faults = _faults(sound, rules.matters, box)
        answers: dict[int, Reported | LingeError] = {}
        answers |= _store({n: content for n, content in sound.items() if n not in faults}, rules)
        answers |= _earlier({n: content for n, content in sound.items() if n not in answers})
        return [
            content if isinstance(content, LingeError) else answers.get(n) or faults[n]
            for n, content in enumerate(contents)
        ]


def _read(report: NewReport, box: Extent | None) -> Content | LingeError:
    try:
        return read_content(report, box)
    except LingeError as error:
        return error


def _faults(
    contents: dict[int, Content], matters: Mapping[str, Matter], box: Extent | None
) -> dict[int, LingeError]:
    """Return what speaks against each report, for those where something does."""
    if box is None:
        error = NotFound("no_units", _("There are no units yet. Import them first."))
        return dict.fromkeys(contents, error)
    faults = file_faults(contents) | household_faults(contents, matters)
    return faults | _who_and_what_faults(contents, matters)


def _who_and_what_faults(
    contents: dict[int, Content], matters: Mapping[str, Matter]
) -> dict[int, LingeError]:
    reporters = who_may_report(content.reporter for content in contents.values() if content.reporter)
    faults: dict[int, LingeError] = {}
    for n, content in contents.items():
        if content.reporter and content.reporter not in reporters:
            faults[n] = Refused("report.no_post", _("Only who holds a post can report. Ask the office."))
        elif content.matter not in matters:
            faults[n] = BadInput(
                "matter.unknown",
                _("The catalogue has no matter “%(matter)s” now. Choose another."),
                {"matter": content.matter},
            )
        elif not content.reporter and not matters[content.matter].is_for_residents:
            faults[n] = BadInput(
                "matter.not_for_residents", _("This can't be reported here. Choose another matter.")
            )
    return faults


_TYPES = {
    "content.report_id": "uuid",
    "content.digest": "bytea",
    "matter_id": "bigint",
    "content.text": "text",
    "content.lon": "float8",
    "content.lat": "float8",
    "content.accuracy_m": "float8",
    "content.position_source": "text",
    "content.device_lon": "float8",
    "content.device_lat": "float8",
    "content.device_accuracy_m": "float8",
    "content.device_datum": "text",
    "located.unit_id": "bigint",
    "located.version_id": "bigint",
    "located.outside_m": "float8",
    "content.reporter": "bigint",
    "content.observed_at": "timestamptz",
    "content.sent_at": "timestamptz",
    "content.clock_skew_s": "float8",
    "content.received_at": "timestamptz",
    "content.priority": "text",
    "content.household": "bigint",
    "deadlines.rule_id": "bigint",
    "deadlines.feedback_warn_at": "timestamptz",
    "deadlines.feedback_due_at": "timestamptz",
    "deadlines.handling_warn_at": "timestamptz",
    "deadlines.handling_due_at": "timestamptz",
    "deadlines.resolve_warn_at": "timestamptz",
    "deadlines.resolve_due_at": "timestamptz",
    "deadlines.next_check_at": "timestamptz",
}
_DEADLINES = ", ".join(path.rpartition(".")[2] for path in _TYPES if path.startswith("deadlines."))

# The unique constraint decides, also between transactions that run at the same time: the later one waits
# here for the earlier one's commit, and then inserts nothing.
_INSERT = f"""
WITH report AS (
    SELECT * FROM {unnest(_TYPES)} AS report ({", ".join(columns(_TYPES))})
), incident AS (
    INSERT INTO incidents_incident (
        report_id, digest, matter_id, text, place, accuracy_m, position_source,
        device_place, device_accuracy_m, device_datum, unit_id,
        reported_version_id, outside_m, reporter_id, observed_at, device_sent_at, clock_skew_s, received_at,
        state, state_since, state_before, priority, household_id, escalated_to, version, cycle
    )
    SELECT
        report_id, digest, matter_id, text, ST_SetSRID(ST_MakePoint(lon, lat), 4326), accuracy_m,
        position_source, ST_SetSRID(ST_MakePoint(device_lon, device_lat), 4326), device_accuracy_m,
        device_datum, unit_id, version_id, outside_m, reporter, observed_at, sent_at, clock_skew_s,
        received_at, '{State.REPORTED}', received_at, '', priority, household, '', 1, 1
    FROM report
    ON CONFLICT (report_id) DO NOTHING
    RETURNING id, report_id
), cycle AS (
    INSERT INTO incidents_incidentcycle (incident_id, number, opened_at, {_DEADLINES})
    SELECT incident.id, 1, received_at, {_DEADLINES}
    FROM incident JOIN report USING (report_id)
)
SELECT report_id, id FROM incident
"""  # noqa: S608 - all of it constant


def _store(contents: dict[int, Content], rules: Rulebook) -> dict[int, Reported]:
    """Insert what is not there yet; return what became of each report that was inserted.

    Of reports with the same id the first is taken. The rows go in by order of their ids, so that two
    batches with the same ones can't wait for each other.
    """
    first = {content.report_id: n for n, content in reversed(contents.items())}
    order = [first[report_id] for report_id in sorted(first)]
    if not order:
        return {}
    matters = rules.matters
    places = locate([(contents[n].lon, contents[n].lat) for n in order])
    openings = [
        Opening(
            matters[contents[n].matter].pk,
            contents[n].priority,
            located.chain,
            contents[n].received_at,
            (contents[n].lon, contents[n].lat),
        )
        for n, located in zip(order, places, strict=True)
    ]
    rows = {
        n: _Row(contents[n], opening.matter_id, located, deadlines)
        for n, located, opening, deadlines in zip(
            order, places, openings, deadlines_for(openings, rules), strict=True
        )
    }
    with prepared_cursor() as cursor:
        cursor.execute(_INSERT, arrays(_TYPES, list(rows.values())))
        ids: dict[UUID, int] = dict(cursor.fetchall())
    inserted = {n: row for n, row in sorted(rows.items()) if row.content.report_id in ids}
    store_parts({ids[row.content.report_id]: row.content for row in inserted.values()}, matters)
    enqueue_checks([(ids[row.content.report_id], row.deadlines.next_check_at) for row in inserted.values()])
    events = [_event(ids[row.content.report_id], row) for row in inserted.values()]
    routed = route_new(
        [
            NewCase(event.incident_id, row.located.chain, matters[row.content.matter], event.at)
            for row, event in zip(inserted.values(), events, strict=True)
        ],
        rules,
    )
    # What was assigned at once follows all reports; the answer names the report's own place.
    positions = append(events + routed)[: len(events)]
    return {
        n: Reported(
            incident_id=event.incident_id,
            number=case_number(event.incident_id, event.at),
            received_at=event.at,
            chain=row.located.chain,
            outside_m=row.located.outside_m,
            is_repeat=False,
            position=position,
        )
        for (n, row), event, position in zip(inserted.items(), events, positions, strict=True)
    }


def _event(incident_id: int, row: _Row) -> NewEvent:
    return NewEvent(
        incident_id=incident_id,
        incident_version=1,
        action=Action.REPORT,
        from_state="",
        to_state=State.REPORTED,
        unit_id=row.located.unit_id,
        actor_id=row.content.reporter,
        at=row.content.received_at,
        details={"as": Actor.REPORTER},
    )


def _earlier(contents: dict[int, Content]) -> dict[int, Reported | LingeError]:
    """Return the first answer again for the reports that are stored already, or a conflict."""
    if not contents:
        return {}
    stored = {
        incident.report_id: incident
        for incident in Incident.objects.filter(report_id__in={each.report_id for each in contents.values()})
        .select_related("reported_version")
        .annotate(
            position=Subquery(
                IncidentEvent.objects.filter(incident=OuterRef("pk"), incident_version=1).values("seq")
            )
        )
        .defer("place", "text", "reported_version__boundary", "reported_version__boundary_3857")
    }
    units = chains(incident.reported_version.unit_id for incident in stored.values())
    return {
        n: _again(content, stored[content.report_id], units)
        for n, content in contents.items()
        if content.report_id in stored
    }


def _again(
    content: Content, incident: Incident, units: dict[int, tuple[ChainLink, ...]]
) -> Reported | Conflict:
    if bytes(incident.digest) != content.digest:
        return Conflict(
            "report.other_content",
            _("A report with this id is stored already, with other content. Send it under a new id."),
        )
    return Reported(
        incident_id=incident.pk,
        number=incident.number,
        received_at=incident.received_at,
        chain=units[incident.reported_version.unit_id],
        outside_m=incident.outside_m,
        is_repeat=True,
        position=incident.position,  # type: ignore[attr-defined]
    )
