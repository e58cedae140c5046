"""Whatever happens to the line and the server, a wall never shows what the database never held."""

from __future__ import annotations

import random

import pytest
from playwright.sync_api import expect

from gis_grids.levels import Level
from incidents.models import Incident, IncidentEvent
from incidents.selectors import feed_position, figures, wall_snapshot
from incidents.workflow import Action, Actor, State
from tests.browser.waiting import wait_until
from tests.incidents.world import make_world

pytestmark = pytest.mark.browser

STEPS = 14
PAUSE_MS = 120
#: What goes on with a case, by its state: enough to have cards come, change and go.
NEXT = {
    State.REPORTED: (Action.ACCEPT, Actor.OPERATOR),
    State.ACCEPTED: (Action.ASSIGN, Actor.GRID_LEAD),
    State.ASSIGNED: (Action.TAKE, Actor.ASSIGNEE),
    State.IN_PROGRESS: (Action.RESOLVE, Actor.ASSIGNEE),
    State.RESOLVED: (Action.CLOSE, Actor.GRID_LEAD),
}
SHOWN = """() => ({
    rows: [...document.querySelectorAll("#list [data-incident]")].map(({ dataset }) =>
        [Number(dataset.incident), Number(dataset.version), dataset.state]),
    open: document.getElementById("figure-open").textContent.trim(),
})"""


@pytest.fixture
def world(transactional_db):
    return make_world()


class Line:
    """The line between page and server: it can be cut, and it can swallow what the server says."""

    def __init__(self, page):
        self.is_deaf = False
        self._socket = None
        page.route_web_socket("**/ws/wall/", self._open)

    def _open(self, socket):
        self._socket = socket
        server = socket.connect_to_server()
        server.on_message(lambda frame: None if self.is_deaf else socket.send(frame))
        socket.on_message(server.send)

    def cut(self):
        self._socket.close()


def test_after_random_faults_it_shows_what_a_fresh_wall_shows(world, server, page, login):
    seed = random.randrange(2**32)
    chance = random.Random(seed)
    print(f"seed {seed}")
    line = Line(page)
    login(page, world.operator)
    for _ in range(3):
        world.case()
    page.goto("/wall/")
    expect(page.locator("#link")).to_have_attribute("data-status", "live")
    city = world.town.units[Level.CITY][0].pk
    counts, seen = {"–", str(figures([city]).open)}, []  # a dash: nothing is known yet
    for fault in chance.sample(["cut", "deaf", "cut", "deaf", "restart", *["none"] * (STEPS - 5)], STEPS):
        begin(fault, line, server)
        for _ in range(chance.randint(1, 3)):
            go_on(world, chance)
            counts.add(str(figures([city]).open))
        if fault == "restart":
            server.start()
        page.wait_for_timeout(PAUSE_MS)
        seen.append(page.evaluate(SHOWN))
    line.is_deaf = False
    head = feed_position()
    wait_until(page, 'head => document.getElementById("link").textContent.includes(`#${head}`)', head)
    expect(page.locator("#link")).to_have_attribute("data-status", "live")
    fresh = wall_snapshot([city])
    wait_until(
        page,
        f"rows => JSON.stringify(({SHOWN})().rows) === JSON.stringify(rows)",
        [[card.id, card.version, card.state] for card in fresh.cards],
    )
    for name in ("open", "late", "today"):
        expect(page.locator(f"#figure-{name}")).to_have_text(str(getattr(fresh.figures, name)))
    judge(seen, counts, seed)


def begin(fault, line, server):
    line.is_deaf = fault == "deaf"
    if fault == "cut":
        line.cut()
    elif fault == "restart":
        server.kill()


def judge(seen, counts, seed):
    """Each row that was ever shown is a version that the case had, each figure one that was true."""
    held = set(IncidentEvent.objects.values_list("incident", "incident_version", "to_state"))
    for moment in seen:
        assert {tuple(row) for row in moment["rows"]} <= held, seed
        assert moment["open"] in counts, seed


def go_on(world, chance):
    """Something happens: a new case, or the next step of one that is open."""
    going = list(Incident.objects.filter(state__in=list(NEXT)).order_by("pk"))
    if not going or chance.random() < 0.3:
        world.case()
        return
    case = chance.choice(going)
    world.act(case.pk, *NEXT[State(case.state)])
