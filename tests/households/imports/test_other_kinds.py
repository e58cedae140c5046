"""Posts, organisations and party members."""

from __future__ import annotations

import pytest

from gis_grids.models import Post
from gis_grids.people import name_of
from households.models import (
    Household,
    Organisation,
    PartyAffiliation,
    PartyGround,
    PartyMember,
    PartyOrganisation,
)
from households.services.imports import answer_columns, undo_import
from tests.factories import UserFactory, post
from tests.households.imports.making import codes, workbook

pytestmark = pytest.mark.django_db


def undone(world, run):
    undo_import(actor=world.clerk, run_id=run.pk)
    run = world.work(run)
    assert run.state == "undone", run.error


def test_posts_are_given_and_taken_back(world):
    post(None, world.leaf, "grid_worker")
    head = ["网格编码", "职务", "姓名", "电话"]
    table = workbook(
        head,
        [world.leaf.code, "网格员", "王小明", "0335-1234567"],
        [world.leaf.code, "办公室", "李四", None],
        ["没有", "网格员", "赵六", None],
        [world.unit.code, PostName.CLERK, "钱七", None],
    )
    run = world.imported(table, kind="posts")
    assert run.counts == {"new": 1}
    assert [codes(run, number) for number in (3, 4, 5)] == [
        ["cell.choice"],
        ["post.no_unit"],
        ["post.not_yours"],
    ]
    given = Post.objects.get(holder__isnull=False, kind="grid_worker")
    assert (name_of(given.holder), given.contact, given.unit) == ("王小明", "0335-1234567", world.leaf)
    assert not given.holder.has_usable_password()
    again = workbook(head, [world.leaf.code, "网格员", "王小明", "0335-7654321"])
    assert world.begin(again, kind="posts").counts == {"changed": 1}
    undone(world, run)
    [vacancy] = Post.objects.filter(kind="grid_worker")
    assert (vacancy.holder, vacancy.term.upper) == (None, None)


class PostName:
    CLERK = "office_clerk"


def test_organisations_come_in_at_their_address_or_place(world):
    head = ["单位名称", "类型", "地址", "联系人", "联系电话", "经度", "纬度"]
    lon, lat = world.place
    rows = [["惠民超市", "商户", "阳光花园1号楼", "张三", "0335-1234567", None, None]]
    rows += [
        ["阳光物业", "物业", "门口", None, None, lon, lat],
        ["无处商店", None, None, None, None, None, None],
    ]
    run = world.begin(workbook(head, *rows), kind="organisations")
    assert (run.state, run.error["code"]) == ("asking", "import.crs")  # of one place nothing can be told
    keys = {place: key for key, place in run.places.items()}
    answer_columns(actor=world.clerk, run_id=run.pk, keys=keys, crs="EPSG:4326")
    run = world.work(run)
    assert (run.counts, codes(run, 4)) == ({"new": 2, "bad": 1}, ["address.missing"])
    run = world.imported(workbook(head[:5], rows[0][:5]), kind="organisations")
    shop = Organisation.objects.get()
    assert (shop.kind, shop.contact_phone, shop.contact_name) == ("shop", "0335-1234567", "张三")
    assert world.begin(workbook(head[:5], rows[0][:5]), kind="organisations").counts == {"same": 1}
    undone(world, run)
    assert not Organisation.objects.exists()


@pytest.fixture
def branch(world):
    branch = PartyOrganisation.objects.create(kind="branch", name="阳光第一党支部", days=("2020-01-01", None))
    PartyGround.objects.create(organisation=branch, unit=world.leaf, days=("2020-01-01", None))
    return branch


def test_party_members_are_residents_of_an_organisation(world, branch):
    world.imported(workbook(["地址", "户主"], ["阳光花园1号楼1单元101", "张三"]))
    head = ["姓名", "所属党组织", "党员类别", "入党时间"]
    table = workbook(
        head,
        ["张三", branch.name, "正式党员", "1998-07-01"],
        ["李四", branch.name, "正式党员", None],
        ["张三", "别的支部", None, None],
    )
    run = world.imported(table, kind="members")
    assert run.counts == {"new": 1}
    assert [codes(run, number) for number in (3, 4)] == [["resident.unknown"], ["member.no_organisation"]]
    member = PartyMember.objects.get()
    assert (member.resident.name, member.stage, PartyAffiliation.objects.get().organisation) == (
        "张三",
        "full",
        branch,
    )
    assert Household.objects.get().is_party_member_household
    undone(world, run)
    assert not Household.objects.get().is_party_member_household


def test_a_probationary_member_is_the_street_s_to_enter(world, branch):
    world.imported(workbook(["地址", "户主"], ["阳光花园1号楼1单元101", "张三"]))
    run = world.begin(
        workbook(["姓名", "所属党组织", "党员类别"], ["张三", branch.name, "预备党员"]), kind="members"
    )
    assert codes(run) == ["member.by_street"]


def test_who_else_has_a_name_is_asked_for(world):
    for number in (1, 2):
        person = UserFactory(last_name="王", first_name="小明", username=f"wang{number}")
        post(person, world.leaf, "building_steward")
    run = world.begin(workbook(["网格", "职务", "姓名"], [world.leaf.code, "网格员", "王小明"]), kind="posts")
    assert codes(run) == ["post.several_people"]
