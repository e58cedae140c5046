"""Who lives elsewhere by now, who is head by now, who belongs to another organisation: dated, and undone."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.utils import timezone

from households.models import (
    Household,
    HouseholdChange,
    PartyAffiliation,
    PartyChange,
    PartyGround,
    PartyHub,
    PartyMember,
    PartyOrganisation,
    PartyRole,
    Residence,
    Resident,
)
from households.services.imports import undo_import
from tests.households.imports.making import codes, workbook
from tests.households.imports.test_residents import HOME, WOMAN, checked

pytestmark = pytest.mark.django_db

OTHER = "阳光花园1号楼1单元102"
HEAD = ["地址", "姓名", "身份证号", "与户主关系", "入住日期"]
MOVED = date(2024, 5, 1)


@pytest.fixture
def world(world):
    """Two households: 张三 with his wife 王芳 and his father 张老, and 李四."""
    world.imported(workbook(["地址", "户主"], [HOME, "张三"], [OTHER, "李四"]))
    family = [[HOME, "王芳", checked(WOMAN), "妻", "2020-03-01"], [HOME, "张老", None, "父亲", None]]
    imported(world, *family)
    return world


def begin(world, *rows, head=HEAD):
    return world.begin(workbook(head, *rows), kind="residents")


def imported(world, *rows, head=HEAD, kind="residents"):
    return world.imported(workbook(head, *rows), kind=kind)


def undone(world, run):
    undo_import(actor=world.clerk, run_id=run.pk)
    run = world.work(run)
    assert run.state == "undone", run.error


def everything():
    """Return what the register says of who lives where, as what."""
    stays = Residence.objects.order_by("pk").values_list(
        "resident__name", "household", "days", "relation", "left_for", "is_representative"
    )
    households = Household.objects.order_by("pk").values_list(
        "householder", "size", "is_party_member_household"
    )
    return list(stays), list(households)


def proposal(run, number=2):
    return json.loads(run.rows.get(number=number).proposal)


def test_who_lives_elsewhere_moves_on_the_day_that_is_given(world):
    before, changes = everything(), HouseholdChange.objects.count()
    row = [OTHER, "王芳", checked(WOMAN), "配偶", MOVED.isoformat()]
    run = begin(world, row)
    assert (run.counts, codes(run)) == ({"changed": 1}, [])
    home, other = Household.objects.order_by("pk")
    assert proposal(run) == {
        "since": ["", "2024-05-01"],
        "household": [f"{home.pk} 张三", f"{other.pk} 李四"],
    }
    run = imported(world, row)
    former, now = Residence.objects.filter(resident__name="王芳").order_by("days")
    assert (former.household, former.days.upper, former.left_for) == (home, MOVED, "other_household")
    assert (now.household, now.days.lower, now.days.upper, now.relation) == (other, MOVED, None, "spouse")
    assert list(Household.objects.order_by("pk").values_list("size", flat=True)) == [2, 2]
    moves = HouseholdChange.objects.filter(resident__name="王芳", day=MOVED)
    assert set(moves.values_list("household", "what")) == {(home.pk, "moved_out"), (other.pk, "moved_in")}
    assert imported(world, row).counts == {}  # and no second time
    undone(world, run)
    assert everything() == before
    assert HouseholdChange.objects.count() == changes


def test_a_move_without_a_day_is_of_the_day_of_the_import(world):
    run = begin(world, [OTHER, "王芳", checked(WOMAN), None, None])
    assert codes(run) == ["resident.moves_today"]
    assert proposal(run)["since"] == ["", timezone.localdate().isoformat()]
    run = begin(world, [OTHER, "王芳", checked(WOMAN), None, "2020-02-28"])
    assert (run.counts, codes(run)) == ({"bad": 1}, ["resident.moved_later"])


def test_the_same_name_moves_only_if_something_else_is_the_same(world):
    Resident.objects.filter(name="张老").update(born_on=date(1950, 2, 3))
    head = ["地址", "姓名", "出生日期"]
    other = begin(world, [OTHER, "张老", date(1960, 1, 1)], [OTHER, "张老", None], head=head)
    assert other.counts == {"new": 2}
    run = begin(world, [OTHER, "张老", date(1950, 2, 3)], head=head)
    assert (run.counts, codes(run)) == ({"changed": 1}, ["resident.by_name", "resident.moves_today"])


def test_when_the_last_one_leaves_it_is_said(world):
    rows = [[HOME, "李四", None, "其他"]]
    Resident.objects.filter(name="李四").update(born_on=date(1950, 2, 3))
    run = begin(world, [HOME, "李四", date(1950, 2, 3)], head=["地址", "姓名", "出生日期"])
    assert "resident.last_one" in codes(run)
    assert begin(world, *rows, head=HEAD[:4]).counts == {"new": 1}  # another one, as far as can be known


def test_who_keeps_a_party_hub_moves_on_the_page(world):
    member = PartyMember.objects.create(resident=Resident.objects.get(name="王芳"), stage="full")
    home = Household.objects.get(householder="张三")
    PartyHub.objects.create(household=home, keeper=member, days=("2021-01-01", None))
    run = begin(world, [OTHER, "王芳", checked(WOMAN), None, MOVED.isoformat()])
    assert (run.counts, codes(run)) == ({"bad": 1}, ["resident.keeps_hub"])


def test_a_new_head_follows_the_former_one(world):
    before = everything()
    rows = [[HOME, "张三", None, "儿子", None], [HOME, "张老", None, "户主", None]]
    run = begin(world, *rows)
    assert run.counts == {"changed": 2}
    today = timezone.localdate().isoformat()
    assert proposal(run, 3) == {
        "relation": ["parent", "head"],
        "role_since": ["", today],
        "former_head": ["张三", "张老"],
    }
    run = imported(world, *rows)
    living = Residence.objects.filter(days__contains=timezone.localdate(), household__householder="张老")
    assert set(living.values_list("resident__name", "relation")) == {
        ("张三", "child"),
        ("张老", "head"),
        ("王芳", "spouse"),
    }
    was = Residence.objects.get(resident__name="张三", relation="head")
    assert (was.days.upper, was.left_for) == (timezone.localdate(), "")
    undone(world, run)
    assert everything() == before


def test_somebody_new_becomes_the_head_and_the_representative(world):
    before = everything()
    imported(world, [HOME, "王芳", checked(WOMAN), "是"], head=["地址", "姓名", "身份证号", "户代表"])
    head = ["地址", "姓名", "与户主关系", "户代表", "入住日期"]
    run = imported(world, [HOME, "赵六", "户主", "是", "2021-01-01"], head=head)
    today = timezone.localdate()
    first, second = Residence.objects.filter(resident__name="赵六").order_by("days")
    assert (first.relation, first.days.lower, first.days.upper) == ("other", date(2021, 1, 1), today)
    assert (second.relation, second.is_representative, second.days.upper) == ("head", True, None)
    living = Residence.objects.filter(days__contains=today, household__householder="赵六")
    assert living.get(resident__name="张三").relation == "other"
    assert not living.get(resident__name="王芳").is_representative
    undone(world, run)
    assert everything()[0] != before[0]  # 王芳 is the representative still
    assert Residence.objects.get(days__contains=today, is_representative=True).resident.name == "王芳"


def test_a_table_of_households_names_another_head(world):
    before = everything()
    home = Household.objects.get(householder="张三")
    table = [["户编号", "户主", "电话"], [home.pk, "张老", "13800000009"]]
    run = world.imported(workbook(*table))
    home.refresh_from_db()
    assert (home.householder, home.phone) == ("张老", "13800000009")
    assert Residence.objects.filter(household=home, days__contains=timezone.localdate()).count() == 3
    undone(world, run)
    assert everything() == before
    assert world.begin(workbook(["地址", "户主"], [HOME, "张老"])).counts == {"changed": 1}
    assert codes(world.begin(workbook(["户编号", "户主"], [home.pk, "赵六"]))) == ["household.other_head"]


def test_a_member_of_another_organisation_is_transferred(world):
    branches = [
        PartyOrganisation.objects.create(kind="branch", name=f"阳光第{n}党支部", days=("2020-01-01", None))
        for n in "一二"
    ]
    for branch in branches:
        PartyGround.objects.create(organisation=branch, unit=world.leaf, days=("2020-01-01", None))
    member = PartyMember.objects.create(resident=Resident.objects.get(name="张三"), stage="full")
    PartyAffiliation.objects.create(member=member, organisation=branches[0], days=("2021-01-01", None))
    PartyRole.objects.create(
        member=member, organisation=branches[0], kind="secretary", term=("2021-01-01", None)
    )
    head = ["姓名", "所属党组织", "转入日期", "党员类别"]
    early = world.begin(workbook(head, ["张三", branches[1].name, "2020-12-31", None]), kind="members")
    assert (early.counts, codes(early)) == ({"bad": 1}, ["member.moved_later", "member.roles_end"])
    run = imported(world, ["张三", branches[1].name, "2024-05-01", "预备党员"], head=head, kind="members")
    assert codes(run) == ["member.other_stage", "member.roles_end"]
    former, now = PartyAffiliation.objects.order_by("days")
    assert (former.days.upper, now.days.lower, now.organisation) == (MOVED, MOVED, branches[1])
    assert (PartyRole.objects.get().term.upper, PartyChange.objects.get().deed) == (MOVED, "transferred")
    undone(world, run)
    assert PartyAffiliation.objects.get().days.upper is None
    assert PartyRole.objects.get().term.upper is None
    assert not PartyChange.objects.exists()
