"""Organisations, facilities, volunteers, residents' views: who sees, who keeps, and what is refused."""

from __future__ import annotations

import datetime as dt
import re
from html import unescape
from uuid import uuid4

import pytest
from django.utils import timezone, translation

from gis_grids.levels import Level, PostKind
from gis_grids.models import Correction, Facility
from households.models import (
    Offer,
    Organisation,
    PublicSentiment,
    ServiceRecord,
    TeamMember,
    Volunteer,
    VolunteerTeam,
)
from households.selectors.grid_card import six_elements
from households.selectors.unit_figures import figures_of
from tests.factories import UserFactory, inside, make_town, post

pytestmark = pytest.mark.django_db
READERS = [PostKind.GRID_LEADER, PostKind.AREA_HEAD, PostKind.COMMAND_OPERATOR, PostKind.PLANNER]


@pytest.fixture(autouse=True)
def _in_english(client):
    client.cookies.load({"django_language": "en"})
    with translation.override("en"):
        yield


@pytest.fixture
def town():
    return make_town()


@pytest.fixture
def west(town):
    return town.units[Level.STREET][0]


@pytest.fixture
def enter(client):
    def go(unit, kind=PostKind.OFFICE_CLERK):
        person = UserFactory()
        post(person, unit, kind)
        client.force_login(person)
        return client

    return go


def words(answer):
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def at(unit):
    lon, lat = inside(unit)
    return {"place_lon": f"{lon:.6f}", "place_lat": f"{lat:.6f}"}


def school(unit, **told):
    return {
        "kind": "institution",
        "name": "No. 2 School",
        "address": "1 Lake Road",
        "contact_name": "李校长",
        "contact_phone": "100-55667788",
        "note": "",
        **at(unit),
        **told,
    }


def hall(**told):
    given = {"kind": "hall", "title": "Assembly hall", "terms": "Residents, by telephone"}
    return {**given, "workday": "18:00-21:00", "weekend": "8:00-21:00", "holiday": "–", **told}


# Organisations and what they offer.


def test_an_organisation_is_entered_corrected_and_ended(town, west, enter):
    client = enter(west)
    assert client.post("/office/organisations/new/", school(town.leaf)).status_code == 302
    row = Organisation.objects.get()
    assert row.contact_phone == "100-55667788"
    here = f"/office/organisations/{row.pk}/"
    assert client.post(f"{here}edit/", school(town.leaf, contact_name="王校长")).status_code == 302
    kept = [(one.field, one.before) for one in Correction.objects.all()]
    assert kept == [("contact_name", "李校长")]
    assert client.post(here, hall()).status_code == 302
    offer = Offer.objects.get()
    assert offer.opening["holiday"] == []
    shown = words(client.get(here))
    assert "王校长 Telephone of the contact 100-55667788" in shown
    assert "Working days 18:00–21:00 Week-ends 08:00–21:00 Public holidays closed" in shown
    assert client.post(f"{here}offers/{offer.pk}/", hall(title="Great hall")).status_code == 302
    assert client.post(f"{here}offers/{offer.pk}/end/").status_code == 302
    assert "Great hall" in words(client.get(here))  # it held today
    assert client.post(f"{here}end/").status_code == 302
    row.refresh_from_db()
    assert row.days.upper == timezone.localdate() + dt.timedelta(days=1)


@pytest.mark.parametrize("kind", READERS)
def test_others_read_organisations_masked_and_change_none(town, west, enter, kind):
    enter(west).post("/office/organisations/new/", school(town.leaf))
    row = Organisation.objects.get()
    client, here = enter(west, kind), f"/office/organisations/{row.pk}/"
    shown = words(client.get(here))
    assert "李* Telephone of the contact 100****7788" in shown
    assert "李校长" not in client.get(here).content.decode()
    assert client.get(f"{here}edit/").status_code == 404
    for address, told in ((f"{here}edit/", school(town.leaf, name="X", contact_name="")), (here, hall())):
        answer = client.post(address, told)
        assert answer.status_code == 403
        assert "李校长" not in answer.content.decode()
    client.post(f"{here}end/")
    row.refresh_from_db()
    assert (row.name, row.days.upper, Offer.objects.count()) == ("No. 2 School", None, 0)


def test_an_organisation_of_others_is_not_there(town, west, enter):
    east = town.units[Level.STREET][1]
    enter(west).post("/office/organisations/new/", school(town.leaf))
    row, client = Organisation.objects.get(), enter(east)
    assert "No. 2 School" not in words(client.get("/office/organisations/"))
    assert client.get(f"/office/organisations/{row.pk}/").status_code == 404
    assert client.get(f"/office/organisations/{row.pk}/edit/").status_code == 404
    assert client.post("/office/organisations/new/", school(town.leaf, name="Other")).status_code == 403
    client.post(f"/office/organisations/{row.pk}/end/")
    row.refresh_from_db()
    assert row.days.upper is None


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"place_lon": "39.9", "place_lat": "116.3"}, "swapped"),
        ({"place_lon": "", "place_lat": ""}, "required"),
        ({"name": " "}, "required"),
        ({"name": "n" * 101}, "at most 100"),
    ],
)
def test_a_bad_organisation_is_refused_and_nothing_typed_is_lost(town, west, enter, told, sentence):
    answer = enter(west).post("/office/organisations/new/", school(town.leaf, **told))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert "1 Lake Road" in answer.content.decode()
    assert not Organisation.objects.exists()


def test_the_same_organisation_twice_is_said(town, west, enter):
    client = enter(west)
    client.post("/office/organisations/new/", school(town.leaf))
    answer = client.post("/office/organisations/new/", school(town.leaf))
    assert answer.status_code == 422
    assert "already" in words_of(answer)


def words_of(answer):
    return unescape(re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_what_is_nearest_stands_first(town, west, enter):
    client = enter(west)
    near, far = town.units[Level.RESIDENT_GROUP][0], town.units[Level.RESIDENT_GROUP][14]
    for unit, name in ((far, "Far"), (near, "Near")):
        client.post("/office/organisations/new/", school(unit, name=name))
        row = Organisation.objects.get(name=name)
        client.post(f"/office/organisations/{row.pk}/", hall(title=f"Hall of {name}"))
    shown = words(client.get("/office/organisations/near/", {**at(near), "kind": "hall"}))
    assert re.search(r" 0 m Hall of Near .* m Hall of Far", shown)
    assert "Hall of Near" not in words(
        client.get("/office/organisations/near/", {**at(near), "kind": "toilet"})
    )
    assert client.get("/office/organisations/near/", {"place_lon": "x", "place_lat": "1"}).status_code == 422


def test_hours_that_cannot_be_read_are_said(town, west, enter):
    client = enter(west)
    client.post("/office/organisations/new/", school(town.leaf))
    row = Organisation.objects.get()
    answer = client.post(f"/office/organisations/{row.pk}/", hall(workday="in the evening"))
    assert answer.status_code == 422
    assert "08:30-12:00" in words_of(answer)
    assert not Offer.objects.exists()


# Facilities.


def room(unit, **told):
    given = {"kind": "activity_room", "name": "Room", "address": "", "contact": "", "built_year": ""}
    return {**given, "area_m2": "120", "activity_m2": "80", **at(unit), **told}


def test_a_facility_is_entered_and_corrected(town, west, enter):
    client = enter(west)
    assert client.post("/office/facilities/new/", room(town.leaf, workday="9:00-17:00")).status_code == 302
    row = Facility.objects.get()
    assert row.opening == {"workday": [["09:00", "17:00"]]}
    assert client.post(f"/office/facilities/{row.pk}/", room(town.leaf, area_m2="150")).status_code == 302
    assert Correction.objects.get(field="area_m2").before == "120.0"
    assert "150 m²" in words(client.get("/office/facilities/"))
    answer = client.post(f"/office/facilities/{row.pk}/", room(town.leaf, activity_m2="151"))
    assert answer.status_code == 422
    assert "more than the whole" in words_of(answer)


def test_an_area_stays_where_it_is(town, west, enter):
    x, y = inside(town.leaf)
    ring = f"{x} {y}, {x + 1e-4} {y}, {x + 1e-4} {y + 1e-4}, {x} {y}"
    park = Facility.objects.create(kind="park", name="Park", geometry=f"POLYGON(({ring}))")
    client = enter(west)
    assert "place_lon" not in client.get(f"/office/facilities/{park.pk}/").content.decode()
    client.post(f"/office/facilities/{park.pk}/", room(town.leaf, kind="park", name="Garden"))
    park.refresh_from_db()
    assert (park.name, park.geometry.geom_type) == ("Garden", "Polygon")


def test_a_closed_facility_counts_no_more_until_it_opens_again(town, west, enter):
    client = enter(west)
    client.post("/office/facilities/new/", room(town.leaf, workday="9:00-17:00"))
    row = Facility.objects.get()

    def premises():
        return figures_of([west.pk])[west.pk].premises_m2, six_elements(west.pk).facilities

    assert premises() == (120, {"activity_room": 1})
    assert client.post(f"/office/facilities/{row.pk}/close/").status_code == 302
    assert premises() == (0, {})
    assert Correction.objects.get(field="closed_on").before == ""
    assert "Room" not in words(client.get("/office/facilities/", {"q": "Room"}))
    assert "closed since" in words(client.get("/office/facilities/", {"closed": 1}))
    again = client.post(f"/office/facilities/{row.pk}/close/", follow=True)
    assert "closed already" in words_of(again)
    # What is wrong with a closed one can still be corrected; it stays closed.
    assert client.post(f"/office/facilities/{row.pk}/", room(town.leaf, area_m2="150")).status_code == 302
    assert premises() == (0, {})
    client.post(f"/office/facilities/{row.pk}/reopen/")
    assert premises() == (150, {"activity_room": 1})


@pytest.mark.parametrize("kind", READERS)
def test_others_read_facilities_and_change_none(town, west, enter, kind):
    x, y = inside(town.leaf)
    row = Facility.objects.create(kind="school", name="School", geometry=f"POINT({x} {y})")
    client = enter(west, kind)
    client.post(f"/office/facilities/{row.pk}/close/")
    row.refresh_from_db()
    assert row.closed_on is None
    assert "School" in words(client.get("/office/facilities/"))
    assert client.get(f"/office/facilities/{row.pk}/").status_code == 404
    assert client.post("/office/facilities/new/", room(town.leaf)).status_code == 404
    assert Facility.objects.count() == 1


# Volunteers.


def test_volunteers_teams_and_their_service(town, west, enter):
    client = enter(west)
    team = {"unit_id": west.pk, "name": "Red vests", "purpose": "Keeps lanes clean"}
    assert client.post("/office/volunteers/teams/new/", team).status_code == 302
    made = VolunteerTeam.objects.get()
    person = {"unit_id": west.pk, "name": "周小兰", "phone": "100-12345678", "skills": "First aid"}
    told = {**person, "team_ids": [made.pk]}
    assert client.post("/office/volunteers/new/", told).status_code == 302
    who = Volunteer.objects.get()
    assert TeamMember.objects.get().team == made
    record = {"done_on": timezone.localdate(), "hours": "2.5", "what": "Swept", "team_id": made.pk}
    told = {**record, "volunteer_ids": [who.pk], **at(town.leaf)}
    assert client.post("/office/volunteers/records/", told).status_code == 302
    shown = words(client.get("/office/volunteers/records/"))
    assert "Hours 2.5 Records 1 People who served 1" in shown
    assert "Red vests 2.5 1 1" in shown
    assert "周小兰" in shown
    done = ServiceRecord.objects.get()
    client.post(f"/office/volunteers/records/{done.pk}/withdraw/")
    assert "Hours 0 Records 0" in words(client.get("/office/volunteers/records/"))
    client.post(f"/office/volunteers/{who.pk}/", person)  # in no team any more
    assert TeamMember.objects.get().days.upper is not None
    client.post(f"/office/volunteers/{who.pk}/", {**person, "team_ids": [made.pk]})
    assert TeamMember.objects.get().days.upper is None
    client.post(f"/office/volunteers/teams/{made.pk}/end/")
    client.post(f"/office/volunteers/{who.pk}/end/")
    assert not Volunteer.objects.filter(days__upper_inf=True).exists()


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"hours": "25"}, "at most 24"),
        ({"done_on": "2020-01-01"}, "last twelve months"),
        ({"done_on": "2999-01-01"}, "last twelve months"),
        ({"what": ""}, "required"),
        ({"volunteer_ids": []}, "required"),
    ],
)
def test_a_bad_record_is_refused(west, enter, told, sentence):
    client = enter(west)
    client.post("/office/volunteers/new/", {"unit_id": west.pk, "name": "周小兰"})
    who = Volunteer.objects.get()
    given = {"done_on": timezone.localdate(), "hours": "2", "what": "x", "volunteer_ids": [who.pk]}
    answer = client.post("/office/volunteers/records/", {**given, **told})
    assert answer.status_code == 422
    assert sentence in words_of(answer)
    assert not ServiceRecord.objects.exists()


@pytest.mark.parametrize("kind", READERS)
def test_others_read_volunteers_masked_and_change_none(west, enter, kind):
    person = {"unit_id": west.pk, "name": "周小兰", "phone": "100-12345678", "skills": "First aid"}
    enter(west).post("/office/volunteers/new/", person)
    who, client = Volunteer.objects.get(), enter(west, kind)
    shown = client.get("/office/volunteers/").content.decode()
    assert "周*" in shown
    assert not {"周小兰", "100-12345678", "First aid"} & set(re.findall(r"[^<>]+", shown))
    assert client.get(f"/office/volunteers/{who.pk}/").status_code == 404
    assert client.post(f"/office/volunteers/{who.pk}/", {**person, "name": "X"}).status_code == 404
    assert client.get("/office/volunteers/new/").status_code == 404
    client.post(f"/office/volunteers/{who.pk}/end/")
    who.refresh_from_db()
    assert (who.name, who.days.upper) == ("周小兰", None)


def test_volunteers_of_others_are_not_there(town, west, enter):
    east = town.units[Level.STREET][1]
    enter(west).post("/office/volunteers/new/", {"unit_id": west.pk, "name": "周小兰"})
    who, client = Volunteer.objects.get(), enter(east)
    assert "周" not in words(client.get("/office/volunteers/"))
    assert client.get(f"/office/volunteers/{who.pk}/").status_code == 404
    assert client.post("/office/volunteers/new/", {"unit_id": west.pk, "name": "Y"}).status_code == 422
    told = {"done_on": timezone.localdate(), "hours": "2", "what": "x", "volunteer_ids": [who.pk]}
    assert client.post("/office/volunteers/records/", told).status_code == 422
    assert not ServiceRecord.objects.exists()


# Residents' views.


def view(unit, **told):
    given = {"sentiment_id": uuid4(), "topic": "traffic", "text": "More parking", "heard": "counter"}
    return {**given, "at": "2026-11-01T10:00", **at(unit), **told}


def test_a_view_is_noted_once_and_answered(town, west, enter):
    client, told = enter(west), view(town.leaf)
    assert client.post("/office/views/", told).status_code == 302
    assert client.post("/office/views/", told).status_code == 302
    row = PublicSentiment.objects.get()
    assert "Traffic and parking" in words(client.get("/office/views/?open=1"))
    told = {"answer": "Forty places from May on"}
    assert client.post(f"/office/views/{row.pk}/answer/", told).status_code == 302
    assert "Forty places" in words(client.get("/office/views/"))
    assert "More parking" not in words(client.get("/office/views/?open=1"))
    client.post(f"/office/views/{row.pk}/answer/", {"answer": "Fifty places"})
    assert Correction.objects.get(field="answer").before == "Forty places from May on"
    other = client.post("/office/views/", view(town.leaf, sentiment_id=row.pk, text="Else"))
    assert other.status_code == 422


@pytest.mark.parametrize("kind", [PostKind.COMMAND_OPERATOR, PostKind.PLANNER])
def test_who_visits_nobody_notes_no_view(town, west, enter, kind):
    client = enter(west, kind)
    assert "Note a view" not in words(client.get("/office/views/"))
    assert client.post("/office/views/", view(town.leaf)).status_code == 403
    assert not PublicSentiment.objects.exists()


def test_a_lead_notes_a_view_and_the_office_answers_it(town, west, enter):
    lead = enter(west, PostKind.GRID_LEADER)
    assert lead.post("/office/views/", view(town.leaf)).status_code == 302
    row = PublicSentiment.objects.get()
    lead.post(f"/office/views/{row.pk}/answer/", {"answer": "Mine"})
    foreign = enter(town.units[Level.STREET][1])
    assert "More parking" not in words(foreign.get("/office/views/"))
    foreign.post(f"/office/views/{row.pk}/answer/", {"answer": "Mine"})
    assert foreign.post("/office/views/", view(town.leaf)).status_code == 403
    row.refresh_from_db()
    assert (row.answer, PublicSentiment.objects.count()) == ("", 1)
