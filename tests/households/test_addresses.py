"""Addresses taken apart: as people write them, and whatever else stands in such a column."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from households.addresses import Address, parse, readings

CHINESE = {
    "47-6-746": ("", "47", 6, "746"),
    "3号楼2单元501": ("", "3", 2, "501"),
    "66栋4单元2530": ("", "66", 4, "2530"),
    "３号楼２单元５０１室": ("", "3", 2, "501"),
    "六十六栋四单元二五三〇室": ("", "66", 4, "2530"),
    "三里屯二号楼三单元五〇一": ("三里屯", "2", 3, "501"),
    "一百零八号楼十二单元二十一室": ("", "108", 12, "21"),
    "十二号楼二单元一千二百零一室": ("", "12", 2, "1201"),
    "47一6一746": ("", "47", 6, "746"),
    "47/6/746": ("", "47", 6, "746"),
    "3 2 501": ("", "3", 2, "501"),
    "3#2单元501": ("", "3", 2, "501"),
    "3#楼2-501": ("", "3", 2, "501"),
    "12栋3-501": ("", "12", 3, "501"),
    "3-2单元501": ("", "3", 2, "501"),
    "A-2-501": ("", "A", 2, "501"),
    "10-3-7号": ("", "10", 3, "7"),
    "翠竹苑甲5号楼乙门203": ("翠竹苑", "甲5", 2, "203"),
    "光明路22号甲3-502": ("光明路22号", "甲3", None, "502"),
    "10栋3单元七楼东户": ("", "10", 3, "东户"),
    "3-501": ("", "3", None, "501"),
    "3-1号楼2单元501": ("", "3-1", 2, "501"),
    "甲3号楼501": ("", "甲3", None, "501"),
    "阳光小区3号楼乙单元501": ("阳光", "3", 2, "501"),
    "阳光小区3号楼B单元501": ("阳光", "3", 2, "501"),
    "阳光小区3号楼东单元501": ("阳光", "3", None, "501"),
    "阳光花园A座801": ("阳光花园", "A", None, "801"),
    "朝阳区曙光路18号院3号楼2单元501室": ("朝阳区曙光路18号", "3", 2, "501"),
    "曙光路18号院3楼2单元501": ("曙光路18号", "3", 2, "501"),
    "阳光小区5楼501": ("阳光", "5", None, "501"),
    "阳光小区3号501": ("阳光", "3", None, "501"),
    "胜利小区12号3单元501": ("胜利", "12", 3, "501"),
    "曙光路18号院3-2-501": ("曙光路18号", "3", 2, "501"),
    "曙光路18号3-501": ("曙光路", "18", 3, "501"),
    "曙光路18号": ("曙光路", "18", None, ""),
    "曙光路128": ("曙光路", "128", None, ""),
    "阳光大厦1201": ("阳光大厦", "", None, "1201"),
    "新华里12号院3号": ("新华里12号", "3", None, ""),
    "中山路12号5楼501室": ("中山路", "12", None, "501"),
    "南京西路123弄45号601室": ("南京西路123弄", "45", None, "601"),
    "柳树巷5号院正房101室": ("柳树巷5号正房", "", None, "101"),
    "柳树巷5号院101室": ("柳树巷", "5", None, "101"),
    "学校路3号教学楼": ("学校路3号教学楼", "", None, ""),
    "人民街88号附5号": ("人民街", "88附5", None, ""),
    "港下村3组12号": ("港下村3组", "12", None, ""),
    "经开一区16栋4单元307": ("经开1区", "16", 4, "307"),
    "德福巷D东5号楼3幢2单元20402室": ("德福巷D东5号楼", "3", 2, "20402"),
    "幸福小区3号楼东侧2单元501": ("幸福", "3", 2, "501"),
    "普湾新区 铁西街道（国泰街）绿都花园3栋4单元401": ("普湾新区铁西街道绿都花园", "3", 4, "401"),
    "曙光路18号院3号楼2单元501室（人户分离，现住址待核实）": ("曙光路18号", "3", 2, "501"),
}

WESTERN = {
    "улица Ленина, 12": ("ленина улица", "12", ""),
    "ул. Ленина, д. 12, кв. 5": ("ленина улица", "12", "5"),
    "Ленина, 12, 5": ("ленина", "12", "5"),
    "ул. Ленина 12 5": ("ленина улица", "12", "5"),
    "Транспортная улица 22Б": ("транспортная улица", "22Б", ""),
    "бульвар Циолковского, 7А": ("бульвар циолковского", "7A", ""),
    "улица Забабахина, 1 к1": ("забабахина улица", "1K1", ""),
    "Забабахина ул., 54-2": ("забабахина улица", "54-2", ""),
    "улица 40 лет Октября, 12": ("40 лет октября улица", "12", ""),
    "улица 40 лет Октября 12": ("40 лет октября улица", "12", ""),
    "ул. Мира 15/2, 33": ("мира улица", "15/2", "33"),
    "улица № 11, уч28": ("n11 улица", "YЧ28", ""),
    "ул. Ленина, дом №5, кв.№7": ("ленина улица", "5", "7"),
    "дом № 5, ул Ленина": ("ленина улица", "5", ""),
    "улица 1, 62": ("1 улица", "62", ""),
    "ул. №11, участок 28": ("n11 улица", "YЧ28", ""),
    "Транспортная улица, 9 с9": ("транспортная улица", "9C9", ""),
    "микрорайон 5, 12": ("5 микрорайон", "12", ""),
    "Пионерская улица, 39/1": ("пионерская улица", "39/1", ""),
    "456770, Челябинская область, г. Снежинск, ул. Забабахина, д. 1, корп. 2, кв. 15": (
        "забабахина улица",
        "1K2",
        "15",
    ),
    "Западная улица, дом 7, строение 20": ("западная улица", "7C20", ""),
    "12 Main Street, Apt 3B": ("main street", "12", "3B"),
    "12 Main St., Springfield, IL 62701": ("main street", "12", ""),
    "Flat 3, 12 Main Street": ("main street", "12", "3"),
    "221B Baker Street": ("baker street", "221B", ""),
    "12345 Sunset Blvd": ("boulevard sunset", "12345", ""),
    "Hauptstraße 12a, 10115 Berlin": ("hauptstrasse", "12A", ""),
    "Hauptstr. 12 a, Whg. 3": ("hauptstrasse", "12A", "3"),
    "12, rue de la Paix": ("paix rue", "12", ""),
    "12 bis rue de Rivoli": ("rivoli rue", "12BIS", ""),
    "Via Roma 5/2 int. 3": ("roma via", "5/2", "3"),
    "Calle Mayor 5": ("calle mayor", "5", ""),
}


@pytest.mark.parametrize(("written", "said"), CHINESE.items())
def test_chinese_addresses(written, said):
    found = parse(written)
    assert (found.place, found.building, found.entrance, found.room) == said


@pytest.mark.parametrize(("written", "said"), WESTERN.items())
def test_streets_and_house_numbers(written, said):
    found = parse(written)
    assert (found.place, found.building, found.room) == said


def test_entrance_and_floor_of_a_western_house():
    found = parse("бульвар Циолковского, 7А, подъезд 2, этаж 3, кв. 45")
    assert (found.building, found.entrance, found.floor, found.room) == ("7A", 2, 3, "45")


def test_what_can_mean_several_things_is_read_in_each_way():
    assert [(each.building, each.entrance, each.room) for each in readings("3-2")][:2] == [
        ("3", None, "2"),
        ("3", 2, ""),
    ]
    assert ("12", "5") in [(each.building, each.room) for each in readings("ул Ленина 12-5")]
    assert ("24", "17") in [(each.building, each.room) for each in readings("улица Победы 24-17")]
    assert ("12", "3") in [(each.building, each.room) for each in readings("新华里12号院3号")]


@pytest.mark.parametrize(
    ("written", "rooms", "floor"),
    [
        ("1栋4单元2楼2号", ("2-2", "202"), 2),
        ("3-2-5-1", ("5-1", "501"), 5),
        ("3号楼2单元5-2", ("5-2", "502"), 5),
        ("13栋4单元40302", ("40302", "302"), 3),
        ("66栋4单元2530", ("2530",), 25),
        ("3号楼A1201", ("A1201",), 12),
        ("3号楼1201A", ("1201A",), 12),
        ("3号楼负一层101", ("101",), -1),
        ("3号楼2单元", (), None),
        ("3号楼12", ("12",), None),
    ],
)
def test_how_a_register_may_write_the_room_and_which_floor_it_is_on(written, rooms, floor):
    found = parse(written)
    assert (found.rooms, found.likely_floor) == (rooms, floor)


PLACES = st.sampled_from(["", "阳光花园", "曙光路18号院", "朝阳区幸福里", "经开二区", "A区"])
NUMBERS = st.integers(1, 199)
FORMS = [
    "{b}号楼{e}单元{r}室",
    "{b}栋{e}单元{r}",
    "{b}幢{e}单元{r}号",
    "{b}#{e}-{r}",
    "{b}座{e}门{r}户",
    "{b}-{e}-{r}",
]


def full_width(text):
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


def in_chinese(number):
    return "".join("〇一二三四五六七八九"[int(digit)] for digit in str(number))


@given(
    PLACES,
    st.tuples(NUMBERS, st.integers(1, 12), st.integers(101, 3299)),
    st.sampled_from(FORMS),
    st.booleans(),
)
def test_what_is_written_is_read_in_every_form_and_width(place, numbers, form, wide):
    building, entrance, room = numbers
    written = place + form.format(b=building, e=entrance, r=room)
    found = parse(full_width(written) if wide else written)
    assert (found.building, found.entrance, found.room) == (str(building), entrance, str(room))
    assert found.place == parse(place + "1号楼").place


@given(NUMBERS, st.integers(1, 9), st.integers(101, 999), st.sampled_from(FORMS[:3]))
def test_chinese_numerals_are_numbers(building, entrance, room, form):
    said = form.format(b=in_chinese(building), e=in_chinese(entrance), r=in_chinese(room))
    assert parse(said) == parse(form.format(b=building, e=entrance, r=room))


@given(
    st.sampled_from(["улица Ленина", "Транспортная улица", "9-я Парковая улица", "проспект Мира"]),
    st.integers(1, 250),
    st.sampled_from(["", "А", "Б", " к1", "/2"]),
    st.integers(1, 400),
)
def test_a_street_is_the_same_in_every_order_of_its_words(street, house, part, flat):
    swapped = " ".join(reversed(street.split(" "))) if "9-я" not in street else street
    one = parse(f"{street}, {house}{part}, кв. {flat}")
    assert one == parse(f"{swapped.upper()}, д. {house}{part.lower()} кв {flat}")
    assert (one.room, one.place) == (str(flat), parse(f"{street}, 1").place)


@given(st.text(max_size=80) | st.text("0123456789-号栋楼单元室#A一二十百院 ,улдкв", max_size=40))
def test_nothing_that_anybody_types_breaks_it(text):
    for each in readings(text):
        assert isinstance(each, Address)
        assert each.likely_floor is None or isinstance(each.likely_floor, int)
        assert len(each.rooms) <= 3


def test_a_very_long_text_takes_no_time_to_speak_of():
    for text in ("1-" * 50_000, "号楼" * 50_000, "(" * 100_000, "д. " * 30_000):
        list(readings(text))
