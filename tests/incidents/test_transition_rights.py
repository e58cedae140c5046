"""Who may do what in which state: every cell, allowed or refused, against a table written out by hand."""

from __future__ import annotations

import pytest
from django.db import transaction

from gis_grids.errors import Conflict, LingeError, NotFound, Refused
from incidents.models import Incident
from incidents.permissions import LinkHolder
from incidents.services import act
from incidents.workflow import CONSEQUENCES, TABLE, Action, Actor, State, find
from tests.incidents.world import prepare

WORKED_ON = "assigned scheduled in_progress"
UNRESOLVED = (
    f"reported accepted {WORKED_ON} need_info external admission_review district_review on_hold reopened"
)
OPEN = f"{UNRESOLVED} resolved"
ALL = f"{OPEN} closed rejected cancelled void duplicate"

LETTERS = {
    "R": Actor.REPORTER,
    "A": Actor.ASSIGNEE,
    "L": Actor.GRID_LEAD,
    "O": Actor.OPERATOR,
    "S": Actor.STREET_OFFICE,
    "D": Actor.DISTRICT_LEADER,
    "Y": Actor.SYSTEM,
}

# Action, states, and who may: reporter, assignee, grid lead, operator, street office, district leader,
# system. All else is refused. Not made from the table of the workflow: it is what that is held against.
MATRIX = (
    ("accept", "reported", "LO"),
    ("assign", "reported", "LOY"),
    ("assign", "accepted assigned reopened", "LO"),
    ("merge", "reported accepted", "LO"),
    ("unmerge", "duplicate", "LO"),
    ("review", "reported accepted", "LO"),
    ("ask", "accepted", "LO"),
    ("ask", "in_progress", "ALO"),
    ("answer", "need_info", "RLOY"),
    ("cancel", "reported", "R"),
    ("void", UNRESOLVED, "O"),
    ("self_handle", "reported", "RLO"),
    ("split", f"accepted reopened {WORKED_ON}", "LO"),
    ("recategorise", UNRESOLVED, "LO"),
    ("prioritise", UNRESOLVED, "LO"),
    ("move", OPEN, "LOY"),
    ("admit", "admission_review", "S"),
    ("admit", "district_review", "D"),
    ("reject", "admission_review", "S"),
    ("reject", "district_review", "D"),
    ("refer_up", "admission_review", "SY"),
    ("blacklist", "district_review", "D"),
    ("send_back", "admission_review", "S"),
    ("send_back", "district_review", "DY"),
    ("send_back", "assigned", "ALO"),
    ("take", "assigned scheduled", "ALO"),
    ("recall", "assigned scheduled", "LO"),
    ("hand_over", WORKED_ON, "ALOY"),
    ("hand_over", "need_info on_hold external", "Y"),
    ("schedule", "assigned in_progress", "ALO"),
    ("complete_step", WORKED_ON, "ALO"),
    ("hold", f"accepted {WORKED_ON}", "LO"),
    ("resume", "on_hold", "ALOY"),
    ("transfer", "in_progress", "ALO"),
    ("take_back", "external", "OY"),
    ("resolve", "in_progress scheduled", "ALO"),
    ("resolve", "external", "O"),
    ("request_extension", f"external {WORKED_ON}", "A"),
    ("extend", f"accepted external on_hold {WORKED_ON}", "LO"),
    ("refuse_extension", f"external on_hold {WORKED_ON}", "LO"),
    ("close", "resolved", "LOY"),
    ("rate", "resolved closed", "R"),
    ("reopen", "resolved", "RLO"),
    ("reopen", "closed rejected cancelled void", "LO"),
    ("request_reopen", "closed rejected", "R"),
    ("follow_up", "closed rejected cancelled", "RLO"),
    ("give_feedback", OPEN, "ALOSD"),
    ("add_note", ALL, "ALOSD"),
    ("remind", UNRESOLVED, "LOSD"),
    ("attach", OPEN, "RALOY"),
    ("attach", "closed rejected cancelled void duplicate", "Y"),
    ("escalate", OPEN, "Y"),
)  # fmt: skip

ALLOWED = {
    (Action(action), State(state)): frozenset(LETTERS[letter] for letter in letters)
    for action, states, letters in MATRIX
    for state in states.split()
}

#: Each person of the small town, and all that he is for its cases.
PEOPLE = {
    "worker": {Actor.REPORTER},
    "colleague": {Actor.ASSIGNEE},
    "lead": {Actor.GRID_LEAD},
    "operator": {Actor.OPERATOR},
    "office": {Actor.STREET_OFFICE},
    "head": {Actor.STREET_OFFICE, Actor.DISTRICT_LEADER},
    "system": {Actor.SYSTEM},
}


def test_the_matrix_says_each_cell_once_and_leaves_no_action_out():
    assert len(ALLOWED) == sum(len(states.split()) for _action, states, _letters in MATRIX)
    assert {action for action, _state in ALLOWED} == set(Action) - CONSEQUENCES
    assert {state for _action, state in ALLOWED} == set(State)


def test_the_table_of_the_workflow_is_that_of_the_matrix():
    found: dict[tuple[Action, State], frozenset[Actor]] = {}
    for row in TABLE:
        for state in row.sources:
            found[row.action, state] = found.get((row.action, state), frozenset()) | row.actors
    assert found == ALLOWED


def attempt(world, case: Incident, action: Action, name: str, actors: set[Actor]) -> str:
    """Return how the attempt ended; nothing of it stays."""
    user = None if name == "system" else getattr(world, name)
    row = find(action, State(case.state), actors)
    try:
        with transaction.atomic():
            if row:
                prepare(case, action)
            told = world.told(row.needs) if row else {}
            act(incident_id=case.pk, action=action, actor=user, expected_version=case.version, **told)
            transaction.set_rollback(True)
    except NotFound:
        return "not found"
    except (Refused, Conflict) as error:
        return error.code
    except LingeError as error:
        return f"{error.code}: {error}"
    return "done"


@pytest.mark.parametrize("state", State)
def test_everybody_in_every_action(world, state):
    case = world.bring(state)
    Incident.objects.filter(pk=case.pk).update(assignee=world.colleague)
    wrong = []
    for action in Action:
        may = ALLOWED.get((action, state), frozenset())
        for name, actors in PEOPLE.items():
            refusal = "action.not_yours" if may else "action.not_possible"
            expected = "done" if may & actors else refusal
            answer = attempt(world, case, action, name, actors)
            if answer != expected:
                wrong.append((action.value, name, expected, answer))
        answer = attempt(world, case, action, "stranger", set())
        if answer != "not found":
            wrong.append((action.value, "stranger", "not found", answer))
    assert not wrong
    case.refresh_from_db()
    assert (case.state, case.events.count()) == (state, case.version)


def test_the_holder_of_a_link_is_the_reporter_and_no_more(world):
    case = world.bring(State.RESOLVED)
    for action, told in ((Action.CLOSE, {}), (Action.ESCALATE, {}), (Action.MOVE, {"unit_id": 1})):
        with pytest.raises(Refused):
            act(
                incident_id=case.pk,
                action=action,
                actor=LinkHolder(case.pk),
                expected_version=case.version,
                **told,
            )
    done = act(
        incident_id=case.pk,
        action=Action.REOPEN,
        actor=LinkHolder(case.pk),
        expected_version=case.version,
        note="又堆满了",
    )
    event = case.events.get(seq=done.position)
    assert (event.actor, event.details["as"]) == (None, Actor.REPORTER)
