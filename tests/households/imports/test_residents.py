"""Residents out of a table: known by number or name, entered, changed, refused where somebody must decide."""

from __future__ import annotations

from datetime import date

import pytest

from households.models import Household, Residence, Resident
from households.services.imports import undo_import
from tests.households.imports.making import codes, csv_file, workbook

pytestmark = pytest.mark.django_db

HOUSES = workbook(["地址", "户主"], ["阳光花园1号楼1单元101", "张三"], ["阳光花园1号楼1单元102", "李四"])
HEAD = ["地址", "姓名", "身份证号", "与户主关系", "电话"]
#: Made up, with right check signs: born on 1990-03-07, a man; on 1985-12-24, a woman.
MAN, WOMAN = "11010519900307123X", "110105198512241223"
HOME = "阳光花园1号楼1单元101"


@pytest.fixture
def world(world):
    world.imported(HOUSES)
    return world


def begin(world, *rows, head=HEAD):
    return world.begin(workbook(head, *rows), kind="residents")


def imported(world, *rows, head=HEAD):
    return world.imported(workbook(head, *rows), kind="residents")


def checked(number):
    """Return the number with the check sign that it must have."""
    weights, signs = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), "10X98765432"
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], weights, strict=True))
    return number[:17] + signs[total % 11]


def test_residents_come_into_their_households(world):
    run = imported(
        world,
        [HOME, "张三", checked(MAN), "户主", None],
        [HOME, "王芳", checked(WOMAN), "妻子", "13800000003"],
    )
    assert run.counts == {"new": 1, "changed": 1}  # the head was there by name
    head, wife = Resident.objects.filter(residences__household__householder="张三").order_by("pk")
    assert (head.born_on, head.gender, head.identity_last_four) == (
        date(1990, 3, 7),
        "male",
        checked(MAN)[-4:],
    )
    assert (wife.gender, wife.phone, wife.residences.get().relation, wife.identity_number) == (
        "female",
        "13800000003",
        "spouse",
        "",
    )
    assert Household.objects.get(householder="张三").size == 2
    assert imported(world, [HOME, "王芳", checked(WOMAN), "配偶", None]).counts == {}


def test_all_of_it_is_undone(world):
    run = imported(
        world, [HOME, "张三", checked(MAN), "户主", "13800000003"], [HOME, "王芳", None, "妻", None]
    )
    undo_import(actor=world.clerk, run_id=run.pk)
    assert world.work(run).state == "undone", run.error
    head = Resident.objects.get(name="张三")
    assert (head.identity_digest, head.phone, Residence.objects.count()) == (None, "", 2)
    household = Household.objects.get(householder="张三")
    assert (household.size, household.phone) == (1, "")


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (3.70202199001011e17, "identity.number"),
        ("3.70202E+17", "identity.rounded"),
        ("110105900307123", "identity.old"),
        ("11010519900307123", "identity.form"),
        ("110105199013071234", "identity.date"),
        ("110105199003071230", "identity.check"),
    ],
)
def test_identity_numbers_that_are_none(world, number, code):
    run = begin(world, [HOME, "王芳", number, "妻", None])
    assert codes(run) == [code]
    assert str(number) not in str(run.rows.get().findings)


def test_what_contradicts_the_identity_number(world):
    head = ["地址", "姓名", "身份证号", "性别", "出生日期"]
    run = begin(world, [HOME, "王芳", checked(WOMAN), "男", "1985-12-25"], head=head)
    assert codes(run) == ["identity.other_born_on", "identity.other_gender"]


def test_nobody_lives_anywhere_before_birth(world):
    head = ["地址", "姓名", "身份证号", "入住日期"]
    run = begin(world, [HOME, "王芳", checked(WOMAN), "1985-12-23"], head=head)
    assert codes(run) == ["resident.before_birth"]
    assert run.counts == {"bad": 1}


def test_where_somebody_must_decide(world):
    imported(world, [HOME, "王芳", checked(WOMAN), "妻", None])
    other = "阳光花园1号楼1单元102"
    run = begin(
        world,
        [HOME, "张三", None, "其他", None],
        [HOME, "王芳", checked("11010519851224126"), "妻", None],
        ["阳光花园1号楼1单元202", "钱七", None, "户主", None],
        [other, "孙八", None, "子", None],
        [other, "孙八", None, "妻", None],
    )
    found = [codes(run, number) for number in range(2, 7)]
    assert found == [
        ["resident.is_head"],
        ["resident.other_identity"],
        ["household.none"],
        [],
        ["row.contradicts"],
    ]
    assert run.counts == {"bad": 4, "new": 1}


def test_a_table_of_the_old_kind_with_numbers_as_text(world):
    number = Household.objects.get(householder="李四").pk
    rows = [
        ["户编号", "姓名", "户籍类型", "户代表"],
        [number, "周九", "流动人口", "是"],
    ]
    run = world.imported(csv_file(*rows, encoding="gb18030"), kind="residents", name="list.csv")
    assert run.counts == {"new": 1}
    residence = Residence.objects.get(resident__name="周九")
    assert (residence.registration, residence.relation) == ("floating", "other")
    assert residence.is_representative
