from __future__ import annotations

import pytest

from gis_grids.errors import Refused
from incidents.models import NegativeItem
from incidents.workflow import Action, Actor, State

STREET, HEAD = Actor.STREET_OFFICE, Actor.DISTRICT_LEADER


def test_what_the_district_leader_puts_on_the_list_is_there_with_its_case(world):
    for number in ("N-0001", "N-0002"):
        case = world.bring(State.DISTRICT_REVIEW)
        done = world.act(case.pk, Action.BLACKLIST, HEAD, item="代缴罚款", note="非社区职责")
        item = NegativeItem.objects.get(incident=case)
        assert (item.number, item.title, item.matter_code) == (number, "代缴罚款", "rubbish")
        assert (item.reason, item.decided_by) == ("非社区职责", world.head)
        event = case.events.get(seq=done.position)
        assert item.decided_at == event.at
        assert (event.details["item"], event.details["negative_item"]) == ("代缴罚款", number)
        case.refresh_from_db()
        assert case.state == State.REJECTED


def test_the_street_decides_first_and_the_district_after_it(world):
    case = world.bring(State.ADMISSION_REVIEW)
    with pytest.raises(Refused):
        world.act(case.pk, Action.REFER_UP, Actor.OPERATOR, actor=world.lead)
    world.act(case.pk, Action.REFER_UP, STREET)
    for action in (Action.ADMIT, Action.REJECT, Action.BLACKLIST, Action.SEND_BACK):
        with pytest.raises(Refused) as error:
            world.act(case.pk, action, STREET)
        assert error.value.code == "action.not_yours"
    world.act(case.pk, Action.ADMIT, HEAD)
    case.refresh_from_db()
    assert (case.state, case.assignee) == (State.ASSIGNED, world.colleague)


def test_what_is_sent_back_is_triaged_again(world):
    for state, actor in ((State.ADMISSION_REVIEW, STREET), (State.DISTRICT_REVIEW, HEAD)):
        case = world.bring(state)
        world.act(case.pk, Action.SEND_BACK, actor)
        case.refresh_from_db()
        assert (case.state, case.assignee) == (State.ACCEPTED, None)
        world.act(case.pk, Action.ASSIGN, Actor.GRID_LEAD)
