from __future__ import annotations

import pytest

from gis_grids.errors import BadInput, NotFound, Refused, Stale
from incidents.services import Acted, Command, act_on_many
from incidents.services.bulk import MAX_COMMANDS
from incidents.workflow import Action, Actor, State


def test_each_is_done_or_fails_alone_and_the_answers_keep_the_order(world):
    cases = [world.case() for _n in range(4)]
    world.act(cases[1].pk, Action.ACCEPT, Actor.OPERATOR)
    accept = {"action": Action.ACCEPT, "expected_version": 1}
    commands = [
        Command(incident_id=cases[0].pk, told={"note": "收到"}, **accept),
        Command(incident_id=cases[1].pk, **accept),
        Command(incident_id=10**9, **accept),
        Command(incident_id=cases[2].pk, action=Action.VOID, expected_version=1, told={"note": "误报"}),
        Command(incident_id=cases[3].pk, action=Action.ASSIGN, expected_version=1),
        Command(incident_id=cases[3].pk, **accept),
    ]
    answers = act_on_many(commands=commands, actor=world.lead)
    assert [type(answer) for answer in answers] == [Acted, Stale, NotFound, Refused, BadInput, Acted]
    for case, state in zip(
        cases, (State.ACCEPTED, State.ACCEPTED, State.REPORTED, State.ACCEPTED), strict=True
    ):
        case.refresh_from_db()
        assert case.state == state
    assert cases[0].events.latest("seq").note == "收到"


def test_too_many_at_once_do_nothing(world):
    case = world.case()
    command = Command(incident_id=case.pk, action=Action.ACCEPT, expected_version=1)
    with pytest.raises(BadInput) as error:
        act_on_many(commands=[command] * (MAX_COMMANDS + 1), actor=world.lead)
    assert error.value.code == "bulk.too_many"
    case.refresh_from_db()
    assert case.state == State.REPORTED
