"""The editor of the catalogue: who may, bad input, two editors at once, and what a version tells."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.urls import reverse
from django.utils import translation

from gis_grids.levels import PostKind
from incidents.models import Matter, Mode, TimeLimit
from incidents.workflow import Priority
from mapui.office.rules.fields import in_units
from mapui.office.rules.matter_form import MatterForm, limit_name
from mapui.pages.icons import ICON_LABELS, icon_paths
from tests.incidents.world import make_world

pytestmark = pytest.mark.django_db
LIST = "/office/catalogue/"
NOISE = f"{LIST}matters/noise/"


@pytest.fixture(autouse=True)
def _in_english(client):
    client.cookies.load({"django_language": "en"})
    with translation.override("en"):
        yield


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def desk(client, world):
    client.force_login(world.head)
    return client


def shown(page) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page.content.decode())))


def current(code="noise") -> Matter:
    return Matter.objects.get(code=code, is_current=True)


def filled(matter: Matter | None, **changes) -> dict[str, object]:
    """What a browser sends for the form of a matter."""
    form = MatterForm(matter)
    told: dict[str, object] = {}
    for bound in form:
        value = bound.value()
        if hasattr(bound.field.widget, "widgets"):
            parts = bound.field.widget.decompress(value)
            told |= {f"{bound.name}_{n}": "" if part is None else part for n, part in enumerate(parts)}
        elif value not in (None, False):
            told[bound.name] = bound.field.prepare_value(value)
    told["expected_version"] = matter.version if matter else ""
    return told | changes


def limit(what: str, priority=Priority.NORMAL, mode=Mode.NORMAL) -> str:
    return limit_name(priority, mode, f"{what}_minutes")


def test_a_changed_limit_is_a_new_version_and_the_old_stays(desk):
    before = current()
    changes = {f"{limit('resolve')}_0": "3", f"{limit('resolve')}_1": "1440"}
    answer = desk.post(NOISE, filled(before, **changes))
    assert answer.status_code == 302
    after = current()
    assert (before.version, after.version) == (1, 2)
    ofnormal = {"priority": Priority.NORMAL, "mode": Mode.NORMAL}
    assert TimeLimit.objects.get(matter=before, **ofnormal).resolve_minutes == 1440
    assert TimeLimit.objects.get(matter=after, **ofnormal).resolve_minutes == 4320
    page = shown(desk.get(NOISE))
    assert "Normal · Normal · Resolution: 1 days → 3 days" in page
    assert "王head" in page


def test_all_fields_come_back_as_they_were_written(desk):
    said = {
        "name_zh": "噪声", "matter_class": "extend", "bearer": "department", "legal_basis": "噪声污染防治法",
        "icon": "dispute", "colour": "#123ABC", "needs_photo": "on", "is_private": "on",
        "is_for_residents": "", "is_errand": "on",
        "errand_steps": "量\r\n\r\n 谈 ", "route_0": "area_head", "route_1": "", "route_2": "grid_worker",
        "is_automatic": "on", "nearby_m": "250", "nearby_hours": "5", "order": "7",
    }  # fmt: skip
    assert desk.post(NOISE, filled(current(), **said)).status_code == 302
    after = current()
    assert (after.name_zh, after.matter_class, after.bearer) == ("噪声", "extend", "department")
    assert (after.icon, after.colour, after.legal_basis) == ("dispute", "#123abc", "噪声污染防治法")
    assert (after.errand_steps, after.route) == (["量", "谈"], ["area_head", "grid_worker"])
    assert after.needs_photo
    assert after.is_private
    assert after.is_automatic
    assert (after.nearby_m, after.nearby_hours, after.order) == (250, 5, 7)
    again = desk.post(NOISE, filled(after), follow=True)
    assert "Nothing was changed" in shown(again)
    assert current().version == 2


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name_zh": ""}, "required"),
        ({"name_zh": "  "}, "required"),
        ({"name_en": "x" * 81}, "at most 80"),
        ({"name_zh": "a\0b"}, "Null characters"),
        ({"errand_steps": "a\0b", "is_errand": "on"}, "Null characters"),
        ({"errand_steps": "one"}, "Only an errand has steps"),
        ({"errand_steps": "x" * 81, "is_errand": "on"}, "at most 80"),
        ({"legal_basis": "x" * 1001}, "at most 1000"),
        ({"matter_class": "none"}, "not one of the available choices"),
        ({"bearer": ""}, "required"),
        ({"icon": "../../etc"}, "not one of the available choices"),
        ({"colour": "red"}, "is no colour"),
        ({"order": "-1"}, "greater than or equal to 0"),
        ({"order": "40000"}, "from 0 to 32767"),
        ({"nearby_m": "1e9"}, "whole number"),
        ({"nearby_m": "9" * 5000}, "whole number"),
        ({"nearby_hours": "99999999999999999999"}, "from 0 to"),
        ({"route_0": "mayor"}, "not one of the available choices"),
        ({f"{limit('feedback')}_0": ""}, "required"),
        ({f"{limit('feedback')}_0": "0"}, "greater than or equal to 1"),
        ({f"{limit('feedback')}_0": "1.5"}, "whole number"),
        ({f"{limit('feedback')}_1": "7"}, "not one of the available choices"),
        ({f"{limit('resolve')}_0": "9" * 30}, "to a year"),
        ({f"{limit('feedback')}_0": "99", f"{limit('feedback')}_1": "1440"}, "feedback can't take longer"),
        ({limit_name("normal", "normal", "calendar"): "lunar"}, "not one of the available choices"),
        ({"route_0": "", "route_1": "", "is_automatic": "on"}, "needs a route"),
    ],
)  # fmt: skip
def test_bad_input_is_told_beside_its_field_and_nothing_typed_is_lost(desk, changes, said):
    answer = desk.post(NOISE, filled(current(), name_en="Typed just now") | changes)
    assert answer.status_code == 422
    assert said in shown(answer)
    assert 'class="error"' in answer.content.decode()
    if "name_en" not in changes:
        assert 'value="Typed just now"' in answer.content.decode()
    assert current().version == 1


def test_of_two_editors_the_later_is_told_and_may_still_save(desk):
    seen = filled(current())
    assert desk.post(NOISE, seen | {"name_en": "Mine"}).status_code == 302
    late = desk.post(NOISE, seen | {"name_en": "Theirs"})
    said = shown(late)
    assert late.status_code == 409
    assert "Somebody else has changed this matter" in said
    assert "Name (English)" in said
    assert 'value="Theirs"' in late.content.decode()
    assert current().name_en == "Mine"
    assert desk.post(NOISE, seen | {"name_en": "Theirs", "over": "2"}).status_code == 302
    assert (current().name_en, current().version) == ("Theirs", 3)


@pytest.mark.parametrize("version", ["", "x", "0", "-1", "9" * 40, "²"])
def test_without_the_version_that_was_looked_at_nothing_is_saved(desk, version):
    answer = desk.post(NOISE, filled(current(), name_en="Other", expected_version=version))
    assert answer.status_code in {409, 422}
    assert current().name_en == "Noise"


def test_a_new_matter_and_a_code_that_was_given(desk):
    new = filled(None, code="swing", name_zh="秋千", name_en="Swing", matter_class="must", bearer="community")
    new |= {"route_0": "grid_worker"}
    assert desk.post(f"{LIST}new/", new).status_code == 302
    assert current("swing").version == 1
    taken = desk.post(f"{LIST}new/", new)
    assert taken.status_code == 422
    assert "was given already" in shown(taken)
    for bad in ("", "ü", "a b", "x" * 33, "a\0"):
        assert desk.post(f"{LIST}new/", new | {"code": bad}).status_code == 422


def test_withdraw_and_restore(desk):
    assert desk.post(f"{NOISE}withdraw/", {"expected_version": "1"}).status_code == 302
    assert not Matter.objects.filter(code="noise", is_current=True).exists()
    assert "Withdrawn" in shown(desk.get(LIST))
    assert "disabled" in desk.get(NOISE).content.decode()
    assert desk.post(NOISE, filled(Matter.objects.get(code="noise"), name_en="New")).status_code == 422
    assert desk.post(f"{NOISE}restore/", {"expected_version": "1"}).status_code == 302
    assert current().version == 2
    stale = desk.post(f"{NOISE}withdraw/", {"expected_version": "1"}, follow=True)
    assert "Somebody else has changed" in shown(stale)
    assert desk.post(f"{NOISE}burn/", {"expected_version": "2"}).status_code == 404


@pytest.mark.parametrize("who", ["lead", "office", "stranger"])
def test_who_does_not_keep_the_catalogue_reads_it_only(client, world, who):
    client.force_login(getattr(world, who))
    page = client.get(NOISE).content.decode()
    assert "disabled" in page
    assert 'class="primary"' not in page
    assert "New matter" not in shown(client.get(LIST))
    refused = client.post(NOISE, filled(current(), name_en="Mine"))
    assert refused.status_code == 403
    assert "kept by the district" in shown(refused)
    assert client.post(f"{LIST}new/", filled(current(), code="x", expected_version="")).status_code == 403
    client.post(f"{NOISE}withdraw/", {"expected_version": "1"})
    assert current().name_en == "Noise"


def test_a_form_without_its_token_is_refused(world):
    from django.test import Client  # noqa: PLC0415 - with the checks on

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(world.head)
    assert strict.post(NOISE, filled(current())).status_code == 403
    assert strict.post(f"{NOISE}withdraw/", {"expected_version": "1"}).status_code == 403


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("q=NOISE", {"noise"}), ("q=噪声", {"noise"}), ("class=special", {"errand"}),
        ("class=nonsense", set()), ("q=%00", "all"), ("q=" + "x" * 500, set()),
        ("bearer=community_assists", {"noise"}),
    ],
)  # fmt: skip
def test_the_list_is_filtered(desk, query, codes):
    page = desk.get(f"{LIST}?{query}")
    assert page.status_code == 200
    found = set(re.findall(r"/office/catalogue/matters/([\w-]+)/", page.content.decode()))
    assert found == (set(Matter.objects.values_list("code", flat=True)) if codes == "all" else codes)


def test_an_unknown_matter_is_not_there(desk):
    assert desk.get(f"{LIST}matters/unknown/").status_code == 404
    assert desk.get(reverse("office_rules_matter", args=["x" * 400])).status_code == 404


def test_lengths_are_shown_in_the_biggest_unit_without_a_rest():
    assert [in_units(n) for n in (1, 59, 60, 90, 120, 1440, 1500, 2880)] == [
        (1, 1), (59, 1), (1, 60), (90, 1), (2, 60), (1, 1440), (25, 60), (2, 1440),
    ]  # fmt: skip


def test_every_picture_has_a_name_that_people_read(desk):
    assert ICON_LABELS.keys() == icon_paths().keys()
    desk.cookies.load({"django_language": "zh-hans"})
    page = desk.get(NOISE).content.decode()
    assert '<label title="喇叭">' in page
    assert '<label title="noise">' not in page


def test_kinds_of_post_that_can_have_cases_are_offered(desk):
    page = desk.get(NOISE).content.decode()
    offered = [kind for kind in PostKind.values if f'value="{kind}"' in page]
    assert offered == [kind for kind in PostKind.values if kind not in {PostKind.PLANNER, PostKind.AUDITOR}]


def test_the_first_button_never_overwrites_what_somebody_else_saved(desk):
    seen = filled(current())
    desk.post(NOISE, seen | {"name_en": "Mine"})
    page = desk.post(NOISE, seen | {"name_en": "Theirs"}).content.decode()
    form = page[page.index('class="panel editor"') :]
    first = re.search(r"<button[^>]*>", form)
    assert first
    assert 'name="over"' not in first[0]
    assert 'name="over" value="2"' in form
