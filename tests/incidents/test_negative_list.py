from __future__ import annotations

from threading import Barrier, Thread

import pytest
from django.db import connection, transaction
from django.utils import timezone, translation

from gis_grids.errors import BadInput, Conflict, NotFound, Refused
from incidents.models import Matter, NegativeItem
from incidents.selectors.negative_list import all_items, warnings_for
from incidents.services.negative_list import put_on_list, save_item, withdraw_item
from incidents.workflow import Action, Actor, State

pytestmark = pytest.mark.django_db


def save(world, *, actor=None, **changes):
    fields = {"title": "企业招商", "keywords": ["招商引资"], "reason": "经济事务"}
    return save_item(actor=actor or world.head, **fields | changes)


def put(world, **changes):
    fields = {"title": "开证明", "matter_code": "errand", "reason": "", "incident": None}
    fields |= {"decided_by": world.head, "decided_at": timezone.now()}
    return put_on_list(**fields | changes)


# The list.


def test_items_are_numbered_on_from_the_highest(world):
    assert [put(world).number, save(world).number] == ["N-0001", "N-0002"]
    save(world, number="N-0041")
    save(world, number="街-7")
    assert [put(world).number, save(world).number] == ["N-0042", "N-0043"]


@pytest.mark.django_db(transaction=True)
def test_items_put_on_it_at_the_same_moment_get_different_numbers(world):
    barrier, numbers = Barrier(4), []

    def write():
        barrier.wait()
        with transaction.atomic():
            numbers.append(put(world).number)
        connection.close()

    threads = [Thread(target=write) for _each in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers) == ["N-0001", "N-0002", "N-0003", "N-0004"]


def test_an_item_is_changed_and_withdrawn_and_stays_as_history(world):
    item = save(world)
    changed = save(
        world, item_id=item.pk, title="招商", matter_code="other", keywords=[], actor=world.operator
    )
    assert (changed.pk, changed.number, changed.title, changed.keywords) == (item.pk, "N-0001", "招商", [])
    assert changed.decided_by == world.operator
    kept = save(world)
    withdraw_item(actor=world.head, item_id=item.pk)
    assert list(all_items()) == [kept, item]
    for change in (
        lambda: save(world, item_id=item.pk),
        lambda: withdraw_item(actor=world.head, item_id=item.pk),
    ):
        with pytest.raises(Conflict) as caught:
            change()
        assert caught.value.code == "negative.withdrawn"


def test_words_are_cleaned(world):
    assert save(world, keywords=[" 招商 ", "", "招商", "融资"]).keywords == ["招商", "融资"]


@pytest.mark.parametrize(
    ("changes", "error", "code"),
    [
        ({"title": " "}, BadInput, "negative.title"),
        ({"title": "长" * 101}, BadInput, "text.too_long"),
        ({"keywords": [" "]}, BadInput, "negative.concerns"),
        ({"keywords": [str(n) for n in range(21)]}, BadInput, "negative.keywords"),
        ({"keywords": ["长" * 41]}, BadInput, "text.too_long"),
        ({"matter_code": "nothing"}, BadInput, "matter.unknown"),
        ({"number": "N-0001"}, Conflict, "negative.number_taken"),
        ({"item_id": 0}, NotFound, "negative.unknown"),
    ],
)
def test_what_makes_no_item_is_refused(world, changes, error, code):
    put(world)
    with pytest.raises(error) as caught:
        save(world, **changes)
    assert caught.value.code == code
    assert NegativeItem.objects.count() == 1


@pytest.mark.parametrize("name", ["worker", "colleague", "lead", "stranger", "office"])
def test_it_is_kept_by_the_district(world, name):
    item, actor = put(world), getattr(world, name)
    for change in (
        lambda: save(world, actor=actor),
        lambda: save(world, actor=actor, item_id=item.pk),
        lambda: withdraw_item(actor=actor, item_id=item.pk),
    ):
        with pytest.raises(Refused) as caught:
            change()
        assert caught.value.code == "negative.not_yours"
    assert NegativeItem.objects.get().withdrawn_at is None


# What it says at entry.


def test_what_a_case_put_on_the_list_warns_the_next_reporter(world):
    case = world.bring(State.DISTRICT_REVIEW, matter="stall")
    assert warnings_for("stall", "") == []
    world.act(case.pk, Action.BLACKLIST, Actor.DISTRICT_LEADER, item="流动摊贩执法", note="属城管执法")
    [warning] = warnings_for("stall", "")
    assert (warning.number, warning.title, warning.reason) == ("N-0001", "流动摊贩执法", "属城管执法")
    assert warnings_for("rubbish", "") == []
    world.case(matter="stall")


@pytest.mark.parametrize(
    ("keyword", "text", "warns"),
    [
        ("招商引资", "协助招商引资会议", True),
        ("GDP", "统计 gdp 数据", True),
        ("gdp", "统计ＧＤＰ数据", True),
        ("ＧＤＰ", "统计gdp数据", True),
        ("Straße", "die STRASSE", True),
        ("招商引资", "招 商 引 资", False),
        ("招商引资", "", False),
    ],
)
def test_words_are_found_in_any_case_and_width(world, keyword, text, warns):
    save(world, keywords=["无关", keyword])
    assert [warning.keyword for warning in warnings_for("rubbish", text)] == ([keyword] if warns else [])


def test_an_item_warns_once_and_a_withdrawn_one_never(world):
    item = save(world, matter_code="rubbish", keywords=["招商", "融资"])
    [warning] = warnings_for("rubbish", "招商和融资")
    assert (warning.number, warning.keyword) == ("N-0001", "招商")
    withdraw_item(actor=world.head, item_id=item.pk)
    assert warnings_for("rubbish", "招商和融资") == []


def test_a_matter_that_is_declined_warns_by_itself(world):
    Matter.objects.filter(code="stall").update(matter_class="refuse", legal_basis="城管条例")
    with translation.override("en"):
        [warning] = warnings_for("stall", "")
    assert warning.title == "“Trading on the road” is not the community's to do."
    assert (warning.number, warning.reason) == ("", "城管条例")
    Matter.objects.filter(code="stall").update(is_current=False)
    assert warnings_for("stall", "") == []


def test_a_warning_takes_two_queries(world, django_assert_num_queries):
    for n in range(5):
        save(world, keywords=[f"词{n}"])
    with django_assert_num_queries(2):
        assert len(warnings_for("rubbish", "词1 词3")) == 2
