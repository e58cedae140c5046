"""Notice boards: what they say, when they are to be hung anew, who plans, prints and hangs them."""

from __future__ import annotations

from datetime import timedelta

import pytest
import shapely
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from shapely import box

from gis_grids.errors import BadInput, Conflict, LingeError, NotFound, Refused
from gis_grids.levels import Level, PostKind
from gis_grids.models import Post, UnitVersion
from gis_grids.permissions import FIELD, OFFICE, scope_of
from gis_grids.services.post_acts import appoint, hand_over
from households.models import (
    BoardHanging,
    BoardSheet,
    BuildingCare,
    Dwelling,
    HouseholdUnit,
    NoticeBoard,
)
from households.selectors.board_contents import contents
from households.selectors.boards import BoardState, Change, board_rows, boards_below
from households.services.board_prints import begin_print
from households.services.boards import issue_sheets, plan_boards, record_hanging, strike_board, take_down
from households.services.cares import set_buildings
from tests.factories import OPEN, UserFactory, boundary_of, inside, make_town, post, shape_of
from tests.households.making import building, household

pytestmark = pytest.mark.django_db
STEWARD, LEADER = PostKind.BUILDING_STEWARD, PostKind.RESIDENT_GROUP_LEADER


@pytest.fixture
def town():
    return make_town()


@pytest.fixture
def community(town):
    return town.units[Level.COMMUNITY][0]


@pytest.fixture
def group(town):
    return town.units[Level.BUILDING_GROUP][0]


@pytest.fixture
def clerk(community):
    user = UserFactory()
    post(user, community, PostKind.OFFICE_CLERK)
    return user


@pytest.fixture
def house(town):
    """Return a building with a dwelling in the first resident group."""
    lon, lat = inside(town.leaf)
    made = building(box(lon, lat, lon + 1e-4, lat + 1e-4), code="b1", name="3号楼")
    Dwelling.objects.create(building=made, floor=1, room="101")
    return made


@pytest.fixture
def board(clerk, community, house):
    plan_boards(actor=clerk, unit_id=community.pk, level=None)
    return NoticeBoard.objects.get()


def row_of(board):
    return board_rows([NoticeBoard.objects.get(pk=board.pk)])[0]


def hang(board, actor, **values):
    """Print what is so today and hang it; return the hanging."""
    [sheet] = issue_sheets(actor=actor, boards=[board])
    told = {"hung_on": timezone.localdate(), **values}
    return record_hanging(actor=actor, board_id=board.pk, sheet_id=sheet.pk, **told)


def named(name, unit, kind, contact="", **values):
    """Give somebody of this name a post."""
    person = UserFactory(last_name=name[0], first_name=name[1:])
    held = post(person, unit, kind, **values)
    Post.objects.filter(pk=held.pk).update(contact=contact)
    return Post.objects.get(pk=held.pk)


def test_a_board_names_who_is_responsible_the_nearest_first(board, town, group, community):
    named("王一", community, PostKind.GRID_LEADER, "100-1")
    named("李二", town.leaf, LEADER)
    named("张三", group, STEWARD, "100-3")
    named("赵四", group, STEWARD, is_deputy=True)
    named("钱五", community, PostKind.OFFICE_CLERK, "100-5")
    post(None, town.units[Level.AREA][0], PostKind.AREA_HEAD)
    [content] = contents([board]).values()
    assert (content.place, content.code, content.unit) == ("3号楼", town.leaf.code, f"Unit {town.leaf.code}")
    said = [(one.name, one.kind, one.is_deputy, one.contact) for one in content.people]
    assert said == [
        ("李二", "resident_group_leader", False, "100-3"),
        ("张三", "building_steward", False, "100-3"),
        ("赵四", "building_steward", True, "100-1"),
        ("", "area_head", False, "100-1"),
        ("王一", "grid_leader", False, "100-1"),
    ]


def test_a_tower_whose_floors_are_of_two_groups_has_both_on_its_board(board, house, town, group):
    first, second = town.units[Level.RESIDENT_GROUP][:2]
    for unit in (first, second, second):
        home = household(None, dwelling=house.dwellings.get())
        HouseholdUnit.objects.create(household=home, unit=unit, source="manual", valid=OPEN)
    named("李二", first, LEADER)
    named("周六", second, LEADER)
    [content] = contents([board]).values()
    assert content.code == group.code
    assert [one.name for one in content.people] == ["李二", "周六"]


def test_a_steward_is_on_the_boards_of_his_buildings_alone(board, house, group, clerk, community):
    mine, other = named("张三", group, STEWARD), named("孙七", group, STEWARD)
    elsewhere = building(box(*[0.0, 0.0, 0.001, 0.001]), code="b2")
    BuildingCare.objects.create(post=mine, building=house)
    BuildingCare.objects.create(post=other, building=elsewhere)
    plan_boards(actor=clerk, unit_id=community.pk, level=Level.BUILDING_GROUP)
    whole = NoticeBoard.objects.get(unit=group)
    said = contents([board, whole])
    assert [one.name for one in said[board.pk].people] == ["张三"]
    assert {one.name for one in said[whole.pk].people} == {"张三", "孙七"}


def test_an_office_says_which_buildings_a_steward_has_and_a_successor_takes_them_over(
    board, house, group, clerk, town
):
    held, elsewhere = named("张三", group, STEWARD), building(box(0.0, 0.0, 0.001, 0.001), code="b2")
    set_buildings(actor=clerk, post_id=held.pk, buildings=[house.pk])
    with pytest.raises(BadInput):
        set_buildings(actor=clerk, post_id=held.pk, buildings=[elsewhere.pk])
    reader = UserFactory()
    post(reader, group, PostKind.GRID_LEADER)
    with pytest.raises(Refused):
        set_buildings(actor=reader, post_id=held.pk, buildings=[])
    new = hand_over(actor=clerk, post_id=held.pk, holder_id=UserFactory(first_name="李四").pk)
    assert list(new.cares.values_list("building", flat=True)) == [house.pk]


def test_boards_are_planned_once_for_each_place(clerk, community, house, board):
    assert plan_boards(actor=clerk, unit_id=community.pk, level=None) == 0
    assert plan_boards(actor=clerk, unit_id=community.pk, level=Level.RESIDENT_GROUP) == 8
    strike_board(actor=clerk, board_id=board.pk)
    assert board not in boards_below(scope_of(clerk).roots())
    assert plan_boards(actor=clerk, unit_id=community.pk, level=None) == 1
    assert NoticeBoard.objects.count() == 9
    with pytest.raises(IntegrityError), transaction.atomic():
        NoticeBoard.objects.create(building=house, unit=community, since=timezone.localdate())


def test_what_hangs_is_so_until_something_changes(board, clerk, group):
    held = appoint(
        actor=clerk,
        unit_id=group.pk,
        kind=STEWARD,
        holder_id=UserFactory(first_name="张三").pk,
        since=timezone.now() - timedelta(days=3),
        contact="100-3",
    )
    assert row_of(board).state is BoardState.MISSING
    hang(board, clerk)
    assert row_of(board).state is BoardState.CURRENT

    new = hand_over(actor=clerk, post_id=held.pk, holder_id=UserFactory(first_name="李四").pk)
    assert (row_of(board).state, row_of(board).changes) == (BoardState.OUTDATED, (Change.PERSON,))
    hang(board, clerk)
    assert row_of(board).state is BoardState.CURRENT

    Post.objects.filter(pk=new.pk).update(contact="100-9")
    assert row_of(board).changes == (Change.CONTACT,)


def test_a_person_who_is_called_otherwise_is_another_person_on_the_board(board, clerk, group):
    held = named("张三", group, STEWARD)
    hang(board, clerk)
    held.holder.first_name = "三丰"
    held.holder.save()
    assert row_of(board).changes == (Change.PERSON,)


def redrawn(unit, shape, name=None):
    """Give the unit a new version."""
    old, now = unit.versions.get(valid__upper_inf=True), timezone.now()
    UnitVersion.objects.filter(pk=old.pk).update(valid=DateTimeTZRange(old.valid.lower, now))
    UnitVersion.objects.create(
        unit=unit,
        parent=old.parent,
        name=name or old.name,
        depth=old.depth,
        boundary=boundary_of(shape),
        valid=DateTimeTZRange(now, None),
    )


def test_other_ground_and_another_name_make_a_board_outdated(board, clerk, town):
    hang(board, clerk)
    shape = shape_of(town.leaf)
    # The same ground with one vertex more, as a neighbour's redraw makes it.
    redrawn(town.leaf, shapely.segmentize(shape, 1e-3))
    assert row_of(board).state is BoardState.CURRENT
    redrawn(town.leaf, shape, name="东区一组")
    assert row_of(board).changes == (Change.NAME,)
    west, south, east, north = shape.bounds
    redrawn(town.leaf, box(west, south, east - 2e-4, north))
    assert row_of(board).changes == (Change.BOUNDARY, Change.NAME)


def test_what_was_printed_counts_not_what_was_so_when_it_was_hung(board, clerk, group):
    held = named("张三", group, STEWARD)
    [sheet] = issue_sheets(actor=clerk, boards=[board])
    hand_over(actor=clerk, post_id=held.pk, holder_id=UserFactory(first_name="李四").pk)
    record_hanging(actor=clerk, board_id=board.pk, sheet_id=sheet.pk, hung_on=timezone.localdate())
    assert row_of(board).changes == (Change.PERSON,)


def test_a_sheet_is_printed_anew_only_when_it_says_something_else(board, clerk, group):
    [first] = issue_sheets(actor=clerk, boards=[board])
    [again] = issue_sheets(actor=clerk, boards=[board])
    assert first.pk == again.pk
    named("张三", group, STEWARD)
    [other] = issue_sheets(actor=clerk, boards=[board])
    assert other.pk != first.pk
    assert BoardSheet.objects.count() == 2


def test_a_board_whose_unit_is_dissolved_says_nothing_more(clerk, community, town):
    plan_boards(actor=clerk, unit_id=community.pk, level=Level.RESIDENT_GROUP)
    board = NoticeBoard.objects.get(unit=town.leaf)
    now = timezone.now()
    town.leaf.versions.update(valid=DateTimeTZRange(now - timedelta(days=9), now))
    assert row_of(board).state is BoardState.NO_UNIT
    assert issue_sheets(actor=clerk, boards=[board]) == []


def test_what_is_taken_down_hangs_no_more(board, clerk):
    hang(board, clerk)
    take_down(actor=clerk, board_id=board.pk, on=timezone.localdate())
    assert row_of(board).state is BoardState.MISSING
    with pytest.raises(Conflict):
        take_down(actor=clerk, board_id=board.pk, on=timezone.localdate())


@pytest.mark.parametrize("days", [-1, 1])
def test_a_sheet_hangs_between_its_print_and_today(board, clerk, days):
    with pytest.raises(BadInput):
        hang(board, clerk, hung_on=timezone.localdate() + timedelta(days=days))
    assert not BoardHanging.objects.exists()


def test_a_sheet_of_another_board_is_not_hung_here(board, clerk, community, town):
    plan_boards(actor=clerk, unit_id=community.pk, level=Level.AREA)
    other = NoticeBoard.objects.filter(unit__isnull=False).first()
    [sheet] = issue_sheets(actor=clerk, boards=[other])
    with pytest.raises(NotFound) as caught:
        record_hanging(actor=clerk, board_id=board.pk, sheet_id=sheet.pk, hung_on=timezone.localdate())
    assert caught.value.code == "board.no_sheet"


@pytest.mark.parametrize("kind", sorted(PostKind))
def test_only_an_office_plans_boards_and_who_is_on_the_ground_hangs_them(board, community, kind):
    actor = UserFactory()
    post(actor, community, kind)
    attempts = {
        "plan": lambda: plan_boards(actor=actor, unit_id=community.pk, level=Level.AREA),
        "hang": lambda: hang(board, actor),
        "strike": lambda: strike_board(actor=actor, board_id=board.pk),
    }
    allowed = {"plan", "hang", "strike"} if kind in OFFICE else {"hang"} if kind in FIELD else set()
    done = set()
    for name, attempt in attempts.items():
        try:
            attempt()
        except NotFound:
            continue
        done.add(name)
    assert done == allowed


def test_nobody_reaches_the_boards_of_others(board, town):
    foreign = UserFactory()
    post(foreign, town.units[Level.COMMUNITY][1], PostKind.OFFICE_CLERK)
    assert not boards_below(scope_of(foreign).roots()).exists()
    for attempt in (
        lambda: hang(board, foreign),
        lambda: strike_board(actor=foreign, board_id=board.pk),
        lambda: take_down(actor=foreign, board_id=board.pk, on=timezone.localdate()),
        lambda: begin_print(
            actor=foreign, unit_id=town.leaf.pk, boards=[board.pk], site="https://x", language="en"
        ),
    ):
        with pytest.raises(LingeError):
            attempt()


def test_a_community_of_boards_is_looked_at_with_few_queries(clerk, community, django_assert_max_num_queries):
    plan_boards(actor=clerk, unit_id=community.pk, level=Level.RESIDENT_GROUP)
    boards = list(boards_below([community.pk]))
    issue_sheets(actor=clerk, boards=boards)
    with django_assert_max_num_queries(12):
        board_rows(boards)
