"""What the forms of the list of cases offer to choose from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _

from gis_grids.levels import Level
from gis_grids.people import name_of
from gis_grids.permissions import CENTRE, GRID_LEADS, OFFICE
from gis_grids.selectors import chains, current_versions, descendant_ids
from incidents.models import ACTION_LABELS, PRIORITY_LABELS, STATE_LABELS, Incident, Matter
from incidents.selectors import assignable, current_matters
from incidents.selectors.clock_states import BAND_LABELS
from incidents.workflow import ENDED, Action
from mapui.office.cases.query import ALL, ME, NOBODY, OPEN
from mapui.pages.phases import CLOCK_NAMES, PHASE_LABELS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.utils.functional import _StrPromise

    from gis_grids.permissions import Scope
    from gis_grids.selectors import ChainLink
    from incidents.selectors.assignment import Candidate
    from incidents.selectors.case_list import CaseRow

MOST_UNITS: Final = 400
MOST_PEOPLE: Final = 300


Options = list[tuple[str, "str | _StrPromise"]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterForm:
    """The choices of the filters; each a value of the address and its name."""

    states: Options
    matters: Options
    classes: Options
    units: Options
    priorities: Options
    people: Options
    clocks: Options
    bands: Options
    levels: Options


#: What can be done with many cases at once, and what it must be told.
BULK: Final = {
    Action.ACCEPT: "",
    Action.ASSIGN: "assignee",
    Action.REMIND: "note",
    Action.GIVE_FEEDBACK: "note",
    Action.ADD_NOTE: "note",
    Action.CLOSE: "",
}


def bulk_actions() -> list[tuple[str, str | _StrPromise, str]]:
    """Return the actions for many cases: value, name, what it must be told."""
    return [(action.value, ACTION_LABELS[action], need) for action, need in BULK.items()]


def filter_form(scope: Scope, unit_code: str) -> FilterForm:
    """Return the choices for a viewer; the unit chosen already is among them, however small it is."""
    states: Options = [(OPEN, _("All open")), (ALL, _("Open and ended"))]
    states += [(phase.value, label) for phase, label in PHASE_LABELS.items()]
    states += [(state.value, label) for state, label in STATE_LABELS.items()]
    return FilterForm(
        states=states,
        matters=[(matter.code, matter.name) for matter in current_matters()],
        classes=list(Matter.Class.choices),
        units=unit_options(scope, unit_code),
        priorities=[(priority.value, label) for priority, label in PRIORITY_LABELS.items()],
        people=[(NOBODY, _("Nobody")), (ME, _("Me")), *_people(scope)],
        clocks=[(clock.value, name) for clock, name in CLOCK_NAMES.items()],
        bands=[(band.value, label) for band, label in BAND_LABELS.items()],
        levels=list(Level.choices),
    )


def unit_options(scope: Scope, unit_code: str) -> Options:
    """Return the units of the scope down to the area, indented; deeper where the scope begins below."""
    above = chains(scope.roots())
    deepest = max([Level.AREA.depth, *(len(chain) for chain in above.values())])
    found = current_versions().filter(unit__in=descendant_ids(scope.roots()), depth__lte=deepest)
    rows = list(found.order_by("unit__code").values_list("unit__code", "name", "depth")[:MOST_UNITS])
    top = min((depth for *_, depth in rows), default=0)
    options: Options = [(code, "　" * (depth - top) + name) for code, name, depth in rows]
    if unit_code and unit_code not in dict(options):
        chosen = current_versions().filter(unit__code=unit_code).values_list("name", flat=True).first()
        options.append((unit_code, chosen or unit_code))
    return options


def _people(scope: Scope) -> Options:
    """Return who has open cases where the viewer reads names."""
    above = chains(scope.roots())
    roots = {unit for kind, unit in scope.posts if _reads_names(kind, above.get(unit, ()))}
    holders = Incident.objects.filter(unit__in=descendant_ids(roots)).exclude(state__in=ENDED)
    people = get_user_model().objects.filter(pk__in=holders.values("assignee")).order_by("last_name")
    return [(str(person.pk), name_of(person)) for person in people[:MOST_PEOPLE]] if roots else []


def _reads_names(kind: str, chain: Sequence[ChainLink]) -> bool:
    """Return whether a post in the last unit of the chain reads names: see `actors_of`, READS_NAMES."""
    if kind in GRID_LEADS | CENTRE:
        return True
    return kind in OFFICE and bool(chain) and Level(chain[-1].level).depth <= Level.STREET.depth


def candidates(rows: Sequence[CaseRow]) -> list[Candidate]:
    """Return who can be given cases of these rows; the service says for each case whether he really can."""
    links = {link for row in rows for link in row.chain}
    return assignable(sorted(links, key=lambda link: Level(link.level).depth)) if links else []
