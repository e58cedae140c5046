from __future__ import annotations

from dataclasses import replace
from io import StringIO
from threading import Barrier, Thread

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from gis_grids.errors import BadInput, Conflict, NotFound, Refused, Stale
from gis_grids.levels import Level, PostKind
from incidents.catalogue import MATTERS
from incidents.models import Incident, Matter, MessageTemplate, Mode, TimeLimit
from incidents.selectors import current_matters
from incidents.selectors.matters import CASES_OF_LIMITS, fields_of, latest_matters, matter_versions
from incidents.services import load_matters
from incidents.services.matter_checks import checked
from incidents.services.matters import restore_matter, save_matter, withdraw_matter
from incidents.workflow import Priority
from tests.factories import UserFactory, post

pytestmark = pytest.mark.django_db
NORMAL = (Priority.NORMAL, Mode.NORMAL)


def current(code="rubbish"):
    return Matter.objects.get(code=code, is_current=True)


def edited(**changes):
    return replace(fields_of(current()), **changes)


def with_limits(case=NORMAL, **changes):
    fields = fields_of(current())
    return replace(fields, limits={**fields.limits, case: replace(fields.limits[case], **changes)})


def save(world, fields, *, actor=None, code="rubbish", expected=1):
    return save_matter(actor=actor or world.head, code=code, fields=fields, expected_version=expected)


# The first catalogue.


def test_the_first_catalogue_is_sound():
    assert load_matters() == len(MATTERS) >= 12
    for matter in Matter.objects.all():
        matter.full_clean()
        fields = fields_of(matter)
        assert checked(matter.code, fields) == (fields, [])
        assert len(fields.limits) == len(CASES_OF_LIMITS) == 6
    assert len({matter.icon for matter in current_matters()}) == len(MATTERS)
    assert len({matter.colour for matter in current_matters()}) == len(MATTERS)


def test_the_more_urgent_the_less_time():
    load_matters()
    for matter in current_matters():
        minutes = {case: each.resolve_minutes for case, each in fields_of(matter).limits.items()}
        assert [minutes[each, Mode.NORMAL] for each in Priority] == sorted(
            (minutes[each, Mode.NORMAL] for each in Priority), reverse=True
        )
        assert all(minutes[each, Mode.EMERGENCY] <= minutes[each, Mode.NORMAL] for each in Priority)


def test_loading_again_keeps_what_the_place_has_changed():
    load_matters()
    TimeLimit.objects.filter(matter__code="road").update(handling_minutes=7 * 24 * 60)
    Matter.objects.filter(code="stall").update(is_current=False)
    TimeLimit.objects.filter(matter__code="other").delete()
    Matter.objects.filter(code="other").delete()
    MessageTemplate.objects.exclude(state="closed").delete()
    out = StringIO()
    with translation.override("en"):
        call_command("load_matters", stdout=out, skip_checks=True)
    assert out.getvalue() == "1 matters added.\n"
    assert set(current("road").limits.values_list("handling_minutes", flat=True)) == {7 * 24 * 60}
    assert current("other").limits.count() == 6
    assert "stall" not in current_matters().values_list("code", flat=True)
    assert MessageTemplate.objects.count() == 1


def test_a_matter_is_called_in_the_reader_s_language():
    load_matters()
    matter = Matter.objects.get(code="drain")
    with translation.override("en"):
        assert str(matter) == "Blocked drain"
    with translation.override("zh-hans"):
        assert str(matter) == "下水道堵塞"


# A change is a new version.


def test_a_change_is_a_new_version_and_open_cases_keep_theirs(world):
    before, case = current(), world.case()
    after = save(world, with_limits(feedback_minutes=5))
    assert (after.version, after.is_current, after.changed_by) == (2, True, world.head)
    before.refresh_from_db()
    assert (before.version, before.is_current) == (1, False)
    assert fields_of(before).limits[NORMAL].feedback_minutes == 30
    later = world.case()
    assert (case.matter, later.matter) == (before, after)
    assert case.cycles.get().rule.matter == before
    assert later.cycles.get().rule.feedback_minutes == 5
    assert list(current_matters().filter(code="rubbish")) == [after]


def test_what_changes_nothing_makes_no_version(world):
    fields = edited(name_zh="  环境卫生 ", colour="#7FC97F")
    assert save(world, fields) == current()
    assert Matter.objects.filter(code="rubbish").count() == 1


def test_every_field_is_stored(world):
    fields = edited(
        name_zh="垃圾",
        name_en="Litter",
        matter_class="special",
        bearer="community_assists",
        legal_basis="《城市市容和环境卫生管理条例》",
        icon="bin",
        colour="#010203",
        order=5,
        needs_photo=True,
        is_errand=True,
        errand_steps=("一", "二"),
        is_private=True,
        is_for_residents=False,
        route=("grid_leader",),
        is_automatic=True,
        nearby_m=7,
        nearby_hours=8,
    )
    assert all(getattr(fields, name) != getattr(fields_of(current()), name) for name in FLAT)
    saved = save(world, fields)
    assert fields_of(Matter.objects.get(pk=saved.pk)) == fields


FLAT = [
    "name_zh", "name_en", "matter_class", "bearer", "legal_basis", "icon", "colour", "order", "needs_photo",
    "is_errand", "errand_steps", "is_private", "is_for_residents", "route", "is_automatic",
    "nearby_m", "nearby_hours",
]  # fmt: skip


def test_a_new_matter_can_be_reported(world):
    save(world, edited(name_zh="树木倒伏", name_en="Fallen tree"), code="tree", expected=0)
    assert world.case(matter="tree").matter.name_zh == "树木倒伏"
    with pytest.raises(Conflict) as caught:
        save(world, edited(), code="tree", expected=0)
    assert caught.value.code == "matter.code_taken"
    with pytest.raises(NotFound):
        save(world, edited(), code="nothing", expected=1)


def test_of_two_editors_the_later_is_told_and_nothing_is_lost(world):
    first, second = edited(name_en="Waste"), edited(name_en="Litter")
    save(world, first)
    with pytest.raises(Stale) as caught:
        save(world, second)
    assert (caught.value.code, caught.value.details["version"]) == ("matter.stale", 2)
    assert [current().name_en, Matter.objects.filter(code="rubbish").count()] == ["Waste", 2]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_new", [False, True])
def test_of_two_editors_at_the_same_moment_one_wins(world, is_new):
    texts = ["Waste", "Litter", "Dirt", "Filth"]
    fields = [edited(name_en=text) for text in texts]
    barrier, answers = Barrier(len(texts)), []

    def write(each):
        try:
            barrier.wait()
            code, expected = ("tree", 0) if is_new else ("rubbish", 1)
            answers.append(save(world, each, code=code, expected=expected).name_en)
        except Conflict as error:
            answers.append(error.code)
        finally:
            connection.close()

    threads = [Thread(target=write, args=[each]) for each in fields]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    [won] = set(answers) & set(texts)
    assert sorted(set(answers) - {won}) == ["matter.code_taken" if is_new else "matter.stale"]
    assert len(answers) == len(texts)
    assert current("tree" if is_new else "rubbish").name_en == won


def test_the_database_keeps_one_current_version(world):
    Matter.objects.filter(code="road").update(code="rubbish", version=2, is_current=False)
    with pytest.raises(IntegrityError, match="matter_one_current"), transaction.atomic():
        Matter.objects.filter(code="rubbish", version=2).update(is_current=True)


# Withdrawn, and back.


def test_a_withdrawn_matter_is_not_reported_any_more_and_its_cases_go_on(world):
    case = world.case()
    withdraw_matter(actor=world.head, code="rubbish", expected_version=1)
    with pytest.raises(BadInput) as caught:
        world.case()
    assert caught.value.code == "matter.unknown"
    assert Incident.objects.get(pk=case.pk).matter.code == "rubbish"
    assert [each.is_current for each in latest_matters().filter(code="rubbish")] == [False]
    for change in (withdraw_matter, lambda **given: save_matter(fields=fields_of(case.matter), **given)):
        with pytest.raises(Conflict) as caught:
            change(actor=world.head, code="rubbish", expected_version=1)
        assert caught.value.code == "matter.withdrawn"


def test_a_restored_matter_is_as_it_was(world):
    before = fields_of(current())
    withdraw_matter(actor=world.head, code="rubbish", expected_version=1)
    restored = restore_matter(actor=world.operator, code="rubbish", expected_version=1)
    assert (restored.version, fields_of(current())) == (2, before)
    assert world.case().matter == restored
    with pytest.raises(Conflict) as caught:
        restore_matter(actor=world.head, code="rubbish", expected_version=2)
    assert caught.value.code == "matter.not_withdrawn"
    with pytest.raises(Stale):
        withdraw_matter(actor=world.head, code="rubbish", expected_version=1)


def test_the_history_says_who_changed_what_and_when(world):
    save(world, replace(with_limits(feedback_minutes=5), name_en="Waste"))
    withdraw_matter(actor=world.operator, code="rubbish", expected_version=2)
    restore_matter(actor=world.head, code="rubbish", expected_version=2)
    third, second, first = matter_versions("rubbish")
    assert [row.matter.version for row in (third, second, first)] == [3, 2, 1]
    assert [third.changed, second.changed, first.changed] == [(), ("name_en", "limits"), ()]
    assert [third.by, second.by, first.by] == ["王head", "王head", ""]
    assert (second.withdrawn_by, third.withdrawn_at) == ("王operator", None)
    assert first.at < second.at < second.withdrawn_at < third.at
    assert matter_versions("nothing") == []


# What is refused.


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"name_zh": " "}, "matter.names", "name_zh"),
        ({"name_en": ""}, "matter.names", "name_en"),
        ({"name_zh": "长" * 51}, "text.too_long", "name_zh"),
        ({"legal_basis": "a\0b"}, "text.unreadable", "legal_basis"),
        ({"matter_class": "may"}, "matter.class", "matter_class"),
        ({"bearer": "me"}, "matter.bearer", "bearer"),
        ({"colour": "red"}, "matter.colour", "colour"),
        ({"colour": "#fff"}, "matter.colour", "colour"),
        ({"icon": "a b"}, "matter.icon", "icon"),
        ({"icon": ""}, "matter.icon", "icon"),
        ({"errand_steps": ("一",)}, "matter.steps", "errand_steps"),
        ({"errand_steps": ("一", " "), "is_errand": True}, "matter.steps", "errand_steps"),
        ({"errand_steps": ("一",) * 21, "is_errand": True}, "matter.steps", "errand_steps"),
        ({"route": ("king",)}, "route.posts", "route"),
        ({"route": (), "is_automatic": True}, "route.posts", "route"),
        ({"nearby_m": -1}, "matter.number", "nearby_m"),
        ({"nearby_hours": 10**6}, "matter.number", "nearby_hours"),
        ({"order": 40_000}, "matter.number", "order"),
        ({"limits": {}}, "matter.limits", "limits.normal.normal"),
    ],
)
def test_what_is_no_matter_is_refused_and_says_where(world, changes, code, field):
    with pytest.raises(BadInput) as caught:
        save(world, edited(**changes))
    assert (caught.value.code, caught.value.details["field"]) == (code, field)
    assert str(caught.value)
    assert current().version == 1


@pytest.mark.parametrize(
    "limits",
    [
        {"feedback_minutes": 0},
        {"feedback_minutes": 121},
        {"handling_minutes": 24 * 60 + 1},
        {"resolve_minutes": 525_601},
        {"calendar": "moon"},
    ],
)
def test_limits_are_in_order_and_within_a_year(world, limits):
    case = (Priority.URGENT, Mode.EMERGENCY)
    with pytest.raises(BadInput) as caught, translation.override("en"):
        save(world, with_limits(case, **limits))
    assert caught.value.code == "matter.limits"
    with translation.override("en"):
        assert str(caught.value).startswith("Limits for “Urgent”, mode “Emergency”: ")


@pytest.mark.parametrize("code", ["", "a b", "树", "x" * 33, "a/b"])
def test_a_code_is_plain(world, code):
    with pytest.raises(BadInput) as caught:
        save(world, edited(), code=code, expected=0)
    assert caught.value.code == "matter.code"


def test_all_that_is_wrong_is_found_at_once(world):
    _fields, findings = checked("a b", edited(name_en="", colour="red", nearby_m=-1))
    assert [finding.details["field"] for finding in findings] == ["code", "name_en", "colour", "nearby_m"]


@pytest.mark.parametrize("name", ["worker", "colleague", "lead", "stranger", "office"])
def test_who_does_not_work_for_the_district_does_not_edit_the_catalogue(world, name):
    actor, fields = getattr(world, name), edited(name_en="Waste")
    for change in (
        lambda: save(world, fields, actor=actor),
        lambda: save(world, fields, actor=actor, code="tree", expected=0),
        lambda: withdraw_matter(actor=actor, code="rubbish", expected_version=1),
        lambda: restore_matter(actor=actor, code="rubbish", expected_version=1),
    ):
        with pytest.raises(Refused) as caught:
            change()
        assert caught.value.code == "catalogue.not_yours"
    assert not Matter.objects.filter(changed_by__isnull=False).exists()
    assert current().name_en != "Waste"


@pytest.mark.parametrize("level", [Level.CITY, Level.DISTRICT, Level.STREET, Level.COMMUNITY])
@pytest.mark.parametrize("kind", PostKind)
def test_clerks_planners_and_operators_of_district_and_city_edit_it(world, level, kind):
    editor = UserFactory()
    post(editor, world.town.units[level][0], kind)
    may = level in {Level.CITY, Level.DISTRICT} and kind in {
        PostKind.OFFICE_CLERK,
        PostKind.PLANNER,
        PostKind.COMMAND_OPERATOR,
    }
    if may:
        assert save(world, edited(name_en="Waste"), actor=editor).version == 2
    else:
        with pytest.raises(Refused):
            save(world, edited(name_en="Waste"), actor=editor)
