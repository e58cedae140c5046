"""Addresses found in the register: exactly, or not at all but with who may be meant."""

from __future__ import annotations

import pytest
from shapely import box

from gis_grids.models import Facility
from households.addresses import parse
from households.addresses.book import Book
from households.models import Dwelling, Entrance
from households.selectors.addresses import Match, address_book, find_address, find_addresses, rooms_near
from tests.factories import UnitFactory, UnitVersionFactory, boundary_of
from tests.households.making import building

NAMES = [
    (1, "阳光花园3号楼"),
    (1, "曙光路18号院3号楼"),
    (2, "阳光花园4号楼"),
    (3, "朝阳区幸福里3号楼"),
    (4, "柳树巷5号院正房"),
    (5, "柳树巷5号院东厢房"),
    (6, "улица Ленина, 12"),
    (7, "улица Ленина, 12А"),
    (8, "проспект Мира, 12"),
    (9, "улица Мира, 7"),
    (10, "проспект Мира, 7"),
    (11, "Main Street 12"),
]


@pytest.mark.parametrize(
    ("text", "buildings"),
    [
        ("阳光花园3号楼2单元501", [1]),
        ("北京市朝阳区阳光花园小区3栋2单元501", [1]),
        ("曙光路18号3幢501", [1]),
        ("幸福里3号楼", [3]),
        ("3号楼2单元501", [1, 3]),
        ("4-2-501", [2]),
        ("柳树巷5号院正房101", [4]),
        ("阳光花园5号楼", []),
        ("光明花园3号楼", []),
        ("Ленина ул., д. 12, кв. 3", [6]),
        ("Ленина 12а", [7]),
        ("Мира 7", [9, 10]),
        ("пр-т Мира, 7", [10]),
        ("г. Снежинск улица Ленина 12", [6]),
        ("12 Main St, Apt 4", [11]),
        ("Main Street 13", []),
        ("501室", []),
        ("", []),
    ],
)
def test_an_address_means_the_building_with_its_number_in_its_place(text, buildings):
    assert sorted(Book(NAMES).buildings(parse(text))) == buildings


def test_what_is_unknown_has_the_nearest_as_candidates():
    book = Book(NAMES)
    assert [each.building_id for each in book.nearest(parse("阳光花园5号楼"))][:2] == [2, 1]
    assert book.nearest(parse("阳光话园3号楼"))[0].building_id == 1
    assert book.nearest(parse("Ленена 12"))[0].building_id == 6
    assert book.nearest(parse("完全不同的地方99号楼")) == []


@pytest.fixture
def town(db):
    """Two compounds with a house 3 each; the first has entrances, the second's dwellings have none."""
    first = building(box(116.3, 39.9, 116.301, 39.901), code="b1", name="3号楼", address="曙光路18号院3号楼")
    second = building(box(116.31, 39.9, 116.311, 39.901), code="b2", name="幸福里3号楼")
    Facility.objects.create(
        kind="compound", name="阳光花园", geometry=boundary_of(box(116.299, 39.899, 116.302, 39.902))
    )
    one, two = (Entrance.objects.create(building=first, number=n) for n in (1, 2))
    for entrance in (one, two):
        for room in ("501", "502"):
            Dwelling.objects.create(building=first, entrance=entrance, floor=5, room=room)
    Dwelling.objects.create(building=first, entrance=two, floor=6, room="601")
    Dwelling.objects.create(building=second, floor=5, room="501")
    return first, second


def dwelling_of(found):
    return str(Dwelling.objects.select_related("entrance").get(pk=found.dwelling_id).entrance), found.match


def test_the_dwelling_is_found_by_compound_and_by_street(town):
    first, _second = town
    book = address_book()
    texts = [
        "阳光花园3号楼2单元501室",
        "曙光路18号3-2-502",
        "阳光花园3#1-501",
        "曙光路18号院3号楼二单元五〇一",
    ]
    found = find_addresses(texts, book)
    assert [dwelling_of(each) for each in found] == [
        (f"{first.pk}-2", Match.DWELLING),
        (f"{first.pk}-2", Match.DWELLING),
        (f"{first.pk}-1", Match.DWELLING),
        (f"{first.pk}-2", Match.DWELLING),
    ]


def test_an_entrance_that_isnt_said_is_made_out_where_only_one_has_the_room(town):
    book = address_book()
    assert find_address("阳光花园3号楼601", book).match == Match.DWELLING
    several = find_address("阳光花园3号楼501", book)
    assert several.match == Match.SEVERAL
    assert len({each.dwelling_id for each in several.candidates}) == 2


def test_a_room_that_there_isnt_leaves_the_entrance_with_the_rooms_like_it(town):
    first, _second = town
    found = find_address("阳光花园3号楼1单元503", address_book())
    assert (found.match, found.building_id, found.dwelling_id) == (Match.ENTRANCE, first.pk, None)
    assert rooms_near(found) == ["501", "502"]
    assert find_address("阳光花园3号楼9单元501", address_book()).match == Match.BUILDING


def test_a_number_that_two_compounds_have_is_never_guessed(town):
    found = find_address("3号楼", address_book())
    assert (found.match, found.building_id) == (Match.SEVERAL, None)
    assert {each.building_id for each in found.candidates} == {each.pk for each in town}
    assert find_address("阳光花圆8号楼", address_book()).match == Match.UNKNOWN


def test_only_the_buildings_of_ones_own_units_are_looked_in(town):
    _first, second = town
    unit = UnitFactory()
    UnitVersionFactory(unit=unit, boundary=boundary_of(box(116.309, 39.899, 116.312, 39.902)))
    found = find_address("3号楼501", address_book([unit.pk]))
    assert (found.match, found.building_id) == (Match.DWELLING, second.pk)


def test_a_thousand_addresses_cost_three_queries(town, django_assert_num_queries):
    with django_assert_num_queries(3):
        book = address_book()
        found = find_addresses(["阳光花园3号楼2单元501室", "幸福里3号楼501"] * 500, book)
    assert {each.match for each in found} == {Match.DWELLING}
