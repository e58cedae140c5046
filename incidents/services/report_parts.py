"""What comes with a report: files that will be sent, the household of an errand, the errand's steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput, Conflict
from gis_grids.sealing import can_seal
from households.selectors.access import household_not_found
from incidents.models import Attachment, ErrandStep, Incident, ResidentContact
from incidents.selectors.households import visible_households
from incidents.services.contacts import new_contact
from incidents.services.new_cases import begin_steps

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from uuid import UUID

    from gis_grids.errors import LingeError
    from incidents.models import Matter
    from incidents.services.declared import Declared
    from incidents.services.report_content import Content

_LOCK_IDS = """
SELECT pg_advisory_xact_lock(hashtextextended(id::text, 0))
FROM (SELECT unnest(%s::uuid[]) AS id ORDER BY id) asked
"""


def household_faults(contents: Mapping[int, Content], matters: Mapping[str, Matter]) -> dict[int, LingeError]:
    """Return what speaks against the households of reports. No query if none names any, else three."""
    faults: dict[int, LingeError] = {}
    asked = {
        (content.reporter, content.household)
        for content in contents.values()
        if content.household is not None and content.reporter is not None
    }
    visible = visible_households(asked)
    for n, content in contents.items():
        matter = matters.get(content.matter)
        if content.household is None:
            if matter and matter.is_errand:
                faults[n] = BadInput(
                    "report.household", _("An errand is for a household. Say for which one it is.")
                )
        elif (content.reporter, content.household) not in visible:
            faults[n] = household_not_found()
    return faults


def lock_files(ids: Iterable[UUID]) -> None:
    """Let nobody else work on files with these ids before this transaction ends. One statement, or none.

    The ids are locked in their order, so that two transactions can't wait for each other.
    """
    asked = list(ids)
    if asked:
        with connection.cursor() as cursor:
            cursor.execute(_LOCK_IDS, [asked])


def file_faults(contents: Mapping[int, Content]) -> dict[int, LingeError]:
    """Return what speaks against the files of reports: an id that another case has already.

    Two statements if there are files. Of two reports of a batch with the same id, the first has it.
    """
    lock_files(file.id for content in contents.values() for file in content.attachments)
    asked = {
        file.id: content.report_id for _n, content in _backwards(contents) for file in content.attachments
    }
    owners = asked | dict(
        Attachment.objects.filter(pk__in=asked).values_list("pk", "origin__report_id") if asked else ()
    )
    return {
        n: other_content()
        for n, content in contents.items()
        if any(owners[file.id] != content.report_id for file in content.attachments)
    }


def _backwards(contents: Mapping[int, Content]) -> list[tuple[int, Content]]:
    return sorted(contents.items(), reverse=True)


def other_content() -> Conflict:
    """Return the error for a file whose id is another one's already."""
    return Conflict(
        "attachment.other_content",
        _("A file with this id was declared already, with other content. Give it a new id."),
    )


def store_parts(stored: Mapping[int, Content], matters: Mapping[str, Matter]) -> None:
    """Write what comes with the reports of new cases, given by the cases' ids. At most five statements."""
    attachments = [
        new_attachment(file, incident_id, content.reporter, Attachment.Purpose.REPORT, content.received_at)
        for incident_id, content in stored.items()
        for file in content.attachments
    ]
    if attachments:
        Attachment.objects.bulk_create(attachments)
    contacts = [
        new_contact(incident_id, content.phone, content.received_at)
        for incident_id, content in stored.items()
        if content.phone and can_seal()
    ]
    if contacts:
        ResidentContact.objects.bulk_create(contacts)
    _store_steps(stored, matters)


def _store_steps(stored: Mapping[int, Content], matters: Mapping[str, Matter]) -> None:
    errands = [
        Incident(pk=incident_id, matter=matters[content.matter])
        for incident_id, content in stored.items()
        if matters[content.matter].is_errand
    ]
    own = [
        ErrandStep(incident=errand, number=number, title=title)
        for errand in errands
        for number, title in enumerate(stored[errand.pk].steps, start=1)
    ]
    if own:
        ErrandStep.objects.bulk_create(own)
    if errands:
        begin_steps(errands)


def new_attachment(
    file: Declared, incident_id: int, sender_id: int | None, purpose: Attachment.Purpose, at: datetime
) -> Attachment:
    """Return the row of a declared file, not stored yet."""
    return Attachment(
        pk=file.id,
        incident_id=incident_id,
        origin_id=incident_id,
        purpose=purpose,
        name=file.name,
        media_type=file.media_type,
        size=file.size,
        sha256=file.digest,
        declared_at=at,
        sender_id=sender_id,
    )
