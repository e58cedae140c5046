"""The declaration: every field of every table, personal or not. A test fails on one that is missing here.

A line a table: first the fields that tell nothing of a person, then the personal ones with their kind. A
field of kind `Kind.TRACK` is kept as tracks are, all others as the table's ``keep`` says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from gis_grids.personal.classes import Keep, Kind, Personal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import Model

NAME, PHONE, IDENTITY, PERSON = Kind.NAME, Kind.PHONE, Kind.IDENTITY, Kind.PERSON
HOME, PARTY, NEED, WORDS, TRACK, STAFF = Kind.HOME, Kind.PARTY, Kind.NEED, Kind.WORDS, Kind.TRACK, Kind.STAFF


@dataclass(frozen=True, slots=True)
class Table:
    """The fields of a table: those that are not personal, and those that are."""

    plain: frozenset[str]
    personal: dict[str, Personal]


def _table(plain: str, keep: Keep = Keep.STAFF, **personal: Kind) -> Table:
    found = {name: Personal(kind, Keep.TRACK if kind is TRACK else keep) for name, kind in personal.items()}
    return Table(frozenset(plain.split()), found)


DECLARED: Final[dict[str, Table]] = {
    # The ground floor.
    # A correction holds what was personal before; who is erased is erased in it too.
    "gis_grids.Correction": _table("id model row field at", Keep.RESIDENT, before=WORDS, actor=STAFF),
    "gis_grids.Facility": _table(
        "id kind name geometry address contact area_m2 activity_m2 built_year opening closed_on"
    ),
    "gis_grids.MapFeature": _table("id kind name width_m geometry geometry_3857"),
    "gis_grids.MapVersion": _table("layer version raised_at"),
    "gis_grids.Plan": _table(
        "id title purpose scope level status base_at rev news reasons moves_open_cases effective_at "
        "announced_until restores copied_from created_at",
        author=STAFF,
    ),
    "gis_grids.PlanComment": _table(
        "id plan is_public zone place state reply at",
        Keep.COMMENT, text=WORDS, author=STAFF, name=NAME, contact=PHONE,
    ),
    "gis_grids.PlanOperation": _table(
        "id plan seq operation_id kind payload zones about before after undoes at", author=STAFF
    ),
    "gis_grids.PlanProposal": _table(
        "id plan zone parameters base_rev state progress error candidates at", author=STAFF
    ),
    "gis_grids.PlanStep": _table("id plan step note at", actor=STAFF),
    "gis_grids.PlanZone": _table(
        "id plan key ended unit level parent name code purpose is_locked boundary", staff=STAFF
    ),
    # ``contact`` is the number of the service, for everybody to know.
    "gis_grids.Post": _table("id unit kind is_deputy term contact", holder=STAFF),
    "gis_grids.PostAct": _table(
        "id post successor deed counts_from at details", Keep.RECORD, actor=STAFF, note=WORDS
    ),
    "gis_grids.Publication": _table("plan effective_at report problems at", publisher=STAFF),
    "gis_grids.ServiceNorm": _table("id kind scope least most basis valid", set_by=STAFF),
    "gis_grids.RetentionRule": _table("id keep days basis since", Keep.RECORD, set_by=STAFF),
    "gis_grids.RetentionRun": _table("id at is_dry found", Keep.RECORD, asked_by=STAFF),
    "gis_grids.Unit": _table("id code level"),
    "gis_grids.UnitFunds": _table(
        "id unit year service_yuan office_yuan benefit_yuan noted_at", noted_by=STAFF
    ),
    "gis_grids.UnitLineage": _table("id plan source target area_m2"),
    "gis_grids.UnitNorm": _table("id level scope households tolerance basis is_compound"),
    "gis_grids.UnitOutline": _table("id version band shape"),
    "gis_grids.UnitVersion": _table("id unit parent name boundary depth valid boundary_3857 label_3857"),
    # Who lives there.
    "households.AccessRecord": _table("id at what about detail households reason", Keep.RECORD, reader=STAFF),
    # What a board says is for everybody to know; nobody else is named on it.
    "households.BoardHanging": _table(
        "id sheet hung_on taken_down_on recorded_at photo", by=STAFF, note=WORDS
    ),
    "households.BoardPrint": _table(
        "id unit boards site language at state done total error file", by=STAFF
    ),
    "households.BoardSheet": _table("id board at", by=STAFF, content=STAFF),
    "households.Building": _table(
        "id code name address use footprint floors floors_estimated height_m footprint_3857 spot_3857"
    ),
    "households.BuildingCare": _table("id post building"),
    "households.BuildingPart": _table("id building entrance lowest highest unit valid", set_by=STAFF),
    "households.Dwelling": _table("id building entrance floor room is_estimated"),
    "households.Entrance": _table("id building number point"),
    "households.Household": _table(
        "id dwelling size place_source place_accuracy_m placed_on tenure since ended_on ended_why "
        "merged_into split_from",
        Keep.RESIDENT, householder=NAME, phone=PHONE, phone_digest=PHONE, address=HOME, place=HOME,
        is_party_member_household=PARTY, is_party_hub_household=PARTY,
        is_party_contact_household=PARTY,
    ),
    "households.HouseholdChange": _table(
        "id household what day fields at", Keep.RECORD, resident=PERSON, actor=STAFF
    ),
    "households.HouseholdCount": _table("id building square x y n n_party n_hub n_contact"),
    "households.HouseholdUnit": _table("id household unit source valid"),
    "households.ImportChange": _table("id run model object_id after", Keep.IMPORT, before=WORDS),
    "households.ImportHeading": _table("id unit kind heading key"),
    "households.ImportPart": _table("id run number", Keep.IMPORT, content=WORDS),
    "households.ImportRow": _table(
        "id run number outcome findings target is_left_out", Keep.IMPORT, proposal=WORDS, cells=WORDS
    ),
    "households.ImportRun": _table(
        "id kind state unit created_at file_name file_size layout places crs with_changes others rows_done "
        "rows_total counts error finished_at undone_at",
        Keep.IMPORT, sample=WORDS, author=STAFF, undone_by=STAFF,
    ),
    "households.Need": _table("id household days", Keep.NEED, kind=NEED, people=NEED, purpose=NEED),
    "households.NoticeBoard": _table("id unit building since struck_on"),
    "households.Offer": _table("id organisation kind title opening terms days"),
    "households.Organisation": _table(
        "id kind name address place days",
        Keep.RESIDENT, contact_name=NAME, contact_phone=PHONE, note=WORDS,
    ),
    # The party register; a hub's or a contact's household is named by its number.
    "households.ContactLink": _table("id days", Keep.RESIDENT, member=PARTY, household=PARTY),
    "households.ContactLog": _table("id link on way written_at", Keep.VISIT, note=WORDS, written_by=STAFF),
    "households.HubMember": _table("id days", Keep.RESIDENT, hub=PARTY, member=PARTY),
    "households.JointDuty": _table(
        "id committee kind member text due_on done_on outcome is_public written_at", written_by=STAFF
    ),
    "households.JointMember": _table("id committee organisation local_unit days"),
    "households.PartyAffiliation": _table("id days", Keep.RESIDENT, member=PARTY, organisation=PARTY),
    "households.PartyChange": _table(
        "id deed organisation on at", Keep.RESIDENT, member=PARTY, actor=STAFF
    ),
    "households.PartyDecision": _table(
        "id step is_approved decided_on written_at", Keep.RESIDENT, member=PARTY, decided_by=STAFF
    ),
    "households.PartyGround": _table("id organisation unit days"),
    "households.PartyHub": _table("id days", Keep.RESIDENT, household=PARTY, keeper=PARTY),
    "households.PartyMember": _table(
        "id", Keep.RESIDENT, resident=PARTY, stage=PARTY, attendance=PARTY, joined_on=PARTY, left_on=PARTY
    ),
    "households.PartyOrganisation": _table("id kind name parent days"),
    "households.PartyRole": _table("id kind term", Keep.RESIDENT, member=PARTY, organisation=PARTY),
    "households.PlaceChange": _table(
        "id household at received_at source accuracy_m was_used source_before accuracy_before_m "
        "placed_on_before undone_at",
        Keep.RESIDENT, place=HOME, place_before=HOME, changed_by=STAFF, undone_by=STAFF,
    ),
    "households.Residence": _table(
        "id", Keep.RESIDENT, resident=HOME, household=HOME, days=HOME, moved_from=HOME, moved_to=HOME,
        relation=PERSON, registration=PERSON, is_representative=PERSON, left_for=PERSON,
    ),
    "households.Resident": _table(
        "id", Keep.RESIDENT, name=NAME, phone=PHONE, phone_digest=PHONE, identity_digest=IDENTITY,
        identity_last_four=IDENTITY, identity_number=IDENTITY, gender=PERSON, born_on=PERSON, note=WORDS,
    ),
    # A view is of nobody; whoever may read it reads it, and is asked to name no one.
    "households.PublicSentiment": _table(
        "id topic heard place at received_at answered_at",
        Keep.VISIT, text=WORDS, answer=WORDS, noted_by=STAFF, answered_by=STAFF,
    ),
    "households.ServiceRecord": _table(
        "id volunteer team done_on hours place noted_at withdrawn_at",
        Keep.RESIDENT, what=WORDS, noted_by=STAFF,
    ),
    "households.TeamMember": _table("id team volunteer is_leader days"),
    "households.Visit": _table(
        "id household at received_at result follow_up",
        Keep.VISIT, note=WORDS, visitor=STAFF, place=TRACK, accuracy_m=TRACK,
    ),
    "households.Volunteer": _table(
        "id unit days", Keep.RESIDENT, resident=HOME, name=NAME, phone=PHONE, skills=PERSON
    ),
    "households.VolunteerTeam": _table("id unit name purpose days"),
    # What happens.
    "incidents.Addressee": _table("id announcement post", holder=STAFF),
    "incidents.Announcement": _table("id unit text sent_at until area emergency call_id", sent_by=STAFF),
    "incidents.AnnouncementReading": _table("id announcement at", reader=STAFF),
    "incidents.Attachment": _table(
        "id incident origin purpose media_type size sha256 received declared_at completed_at",
        Keep.CASE, name=WORDS, sender=STAFF,
    ),
    "incidents.CalendarDay": _table("date kind note"),
    "incidents.CoReporter": _table("id incident origin", user=STAFF),
    "incidents.Duty": _table("id shift date is_compensated", person=STAFF),
    "incidents.Emergency": _table("id unit reason term area call_id", declared_by=STAFF, ended_by=STAFF),
    "incidents.EmergencyEntry": _table("id emergency deed at details", actor=STAFF),
    "incidents.ErrandStep": _table(
        "id incident number due_on done_at", Keep.CASE, title=WORDS, done_by=STAFF
    ),
    "incidents.Escalation": _table("id incident cycle clock step level unit due_at at", told=STAFF),
    "incidents.FeedCounter": _table("id position"),
    "incidents.Incident": _table(
        "id report_id digest matter place accuracy_m position_source device_datum unit reported_version "
        "outside_m state state_since state_before priority escalated_to scheduled_for held_until merged_into "
        "parent follows version observed_at device_sent_at clock_skew_s received_at cycle",
        Keep.CASE, text=WORDS, household=HOME, reporter=STAFF, assignee=STAFF,
        device_place=TRACK, device_accuracy_m=TRACK,
    ),
    "incidents.IncidentCycle": _table(
        "id incident number rule opened_at feedback_warn_at feedback_due_at handling_warn_at handling_due_at "
        "resolve_warn_at resolve_due_at paused_since next_check_at extension_asked first_feedback_at "
        "first_handling_at resolved_at closed_at"
    ),
    "incidents.IncidentEvent": _table(
        "seq incident incident_version action from_state to_state unit at command_id",
        Keep.CASE, note=WORDS, details=WORDS, actor=STAFF,
    ),
    "incidents.Matter": _table(
        "id code version is_current order name_zh name_en matter_class bearer legal_basis icon colour "
        "needs_photo is_errand errand_steps is_private is_for_residents route is_automatic nearby_m "
        "nearby_hours changed_at withdrawn_at",
        changed_by=STAFF, withdrawn_by=STAFF,
    ),
    "incidents.MatterGrant": _table("id matter_code unit term", holder=STAFF, granted_by=STAFF),
    "incidents.MessageTemplate": _table("id matter_code state order text_zh text_en"),
    "incidents.NegativeItem": _table(
        "id number title matter_code keywords reason incident decided_at withdrawn_at", decided_by=STAFF
    ),
    "incidents.QuarterlyReport": _table(
        "id unit year quarter overview early_signs difficulties good_practice next_steps version written_at "
        "filed_at figures",
        written_by=STAFF, filed_by=STAFF,
    ),
    "incidents.Rating": _table("id incident cycle score at", Keep.CASE, comment=WORDS),
    "incidents.ResidentContact": _table("incident given_at", Keep.CONTACT, phone=PHONE),
    "incidents.Roster": _table("id unit name days published_at", published_by=STAFF),
    "incidents.RoutingRule": _table("id matter_code unit posts is_automatic"),
    "incidents.RulebookVersion": _table("id version"),
    "incidents.SavedView": _table("id name query", owner=STAFF),
    "incidents.Shift": _table("id roster day_kind kind starts ends"),
    "incidents.TimeLimit": _table(
        "id matter priority mode feedback_minutes handling_minutes resolve_minutes calendar"
    ),
    # Of the libraries.
    "account.EmailAddress": _table("id verified primary", user=STAFF, email=STAFF),
    "account.EmailConfirmation": _table("id email_address created sent key"),
    "admin.LogEntry": _table(
        "id action_time content_type object_id object_repr action_flag change_message",
        Keep.RECORD, user=STAFF,
    ),
    "auth.Group": _table("id name"),
    "auth.Group_permissions": _table("id group permission"),
    "auth.Permission": _table("id name content_type codename"),
    "auth.User": _table(
        "id password last_login is_superuser is_staff is_active date_joined",
        username=STAFF, first_name=STAFF, last_name=STAFF, email=STAFF,
    ),
    "auth.User_groups": _table("id group", user=STAFF),
    "auth.User_user_permissions": _table("id permission", user=STAFF),
    "contenttypes.ContentType": _table("id app_label model"),
    "gis.PostGISGeometryColumns": _table(
        "f_table_catalog f_table_schema f_table_name f_geometry_column coord_dimension srid type"
    ),
    "gis.PostGISSpatialRefSys": _table("srid auth_name auth_srid srtext proj4text"),
    "procrastinate.ProcrastinateEvent": _table("id job type at"),
    "procrastinate.ProcrastinateJob": _table(
        "id queue_name task_name priority lock args status scheduled_at attempts queueing_lock "
        "abort_requested worker"
    ),
    "procrastinate.ProcrastinatePeriodicDefer": _table("id task_name defer_timestamp job periodic_id"),
    "procrastinate.ProcrastinateWorker": _table("id last_heartbeat"),
    "sessions.Session": _table("session_key session_data expire_date"),
}  # fmt: skip


def personal(field: str) -> Personal | None:
    """Return how a field ("households.Household.phone") is treated, or None if it tells nothing of a person.

    Raises `KeyError` for a field that isn't declared.
    """
    label, _dot, name = field.rpartition(".")
    table = DECLARED[label]
    if name in table.plain:
        return None
    return table.personal[name]


def shown(field: str, value: Any, *, in_clear: bool) -> Any:  # noqa: ANN401 - of any field
    """Return a field's value as it is shown: masked by its kind, unless the reader sees it ``in_clear``."""
    treated = personal(field)
    return value if in_clear or treated is None else treated.masked(value)


def undeclared(models: Iterable[type[Model]]) -> list[str]:
    """Return what the tables have and the declaration hasn't, and the other way round, sorted."""
    stored = {
        f"{model._meta.label}.{field.name}"  # noqa: SLF001 - public, whatever its name
        for model in models
        for field in model._meta.get_fields(include_hidden=True)  # noqa: SLF001
        if field.concrete and not field.many_to_many
    }
    declared = {
        f"{label}.{name}" for label, table in DECLARED.items() for name in (*table.plain, *table.personal)
    }
    return sorted(stored ^ declared)
