"""To whom a case goes: the responsible post of the smallest unit, upward past what is vacant."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.levels import PostKind
from gis_grids.models import Post
from incidents.models import RoutingRule
from incidents.permissions import HANDLING_POSTS
from incidents.selectors.rulebook import rulebook

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from django.db.models import QuerySet

    from gis_grids.selectors import ChainLink
    from incidents.models import Matter
    from incidents.selectors.rulebook import Rulebook


class Outcome(StrEnum):
    """What was found at a step of the way."""

    NO_SUCH_POST = "no_such_post"
    VACANT = "vacant"
    NOT_ACTIVE = "not_active"
    CHOSEN = "chosen"


_SENTENCES = {
    Outcome.NO_SUCH_POST: _("%(unit)s has no post “%(post)s”."),
    Outcome.VACANT: _("The post “%(post)s” of %(unit)s is vacant."),
    Outcome.NOT_ACTIVE: _("Who holds the post “%(post)s” of %(unit)s can't log in any more."),
    Outcome.CHOSEN: _("The case goes to who holds the post “%(post)s” of %(unit)s."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the way up: a unit, a post of it, and what was found. It names no person."""

    unit_id: int
    unit_name: str
    post: PostKind
    is_deputy: bool
    outcome: Outcome

    def __str__(self) -> str:
        """Return the sentence, in the language now active."""
        label = str(self.post.label)
        post = str(_("%(post)s (deputy)") % {"post": label}) if self.is_deputy else label
        return str(_SENTENCES[self.outcome] % {"unit": self.unit_name, "post": post})

    def details(self) -> dict[str, object]:
        """Return the step as it's written into an event, under "why"."""
        return {
            "unit": self.unit_id,
            "name": self.unit_name,
            "post": self.post.value,
            "is_deputy": self.is_deputy,
            "what": self.outcome.value,
        }


def step_of(details: Mapping[str, Any]) -> Step:
    """Return the step that `Step.details` wrote: for who reads the history."""
    return Step(
        unit_id=details["unit"],
        unit_name=details["name"],
        post=PostKind(details["post"]),
        is_deputy=details["is_deputy"],
        outcome=Outcome(details["what"]),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Who is to get a case, and why; ``user_id`` None when nobody on the way up could.

    ``is_automatic`` says that a report is assigned to him at once. ``rule`` is the rule that counted, None
    when it was the matter's own route.
    """

    user_id: int | None
    steps: tuple[Step, ...]
    is_automatic: bool = False
    rule: RoutingRule | None = None


def propose(chain: Sequence[ChainLink], matter: Matter) -> Proposal:
    """Return who is to get a case of the matter in the chain's last unit. Two queries."""
    [proposal] = propose_all([(chain, matter)])
    return proposal


def propose_all(
    cases: Sequence[tuple[Sequence[ChainLink], Matter]], book: Rulebook | None = None
) -> list[Proposal]:
    """Return for each case, given by its unit's chain and its matter, who is to get it. Two queries."""
    rules = find_rules(cases, book)
    posts = _posts({link.unit_id for chain, _matter in cases for link in chain})
    found = []
    for (chain, matter), rule in zip(cases, rules, strict=True):
        steps, user_id = _climb(chain, route_of(matter, rule), posts)
        automatic = is_automatic(matter, rule)
        found.append(Proposal(user_id=user_id, steps=steps, is_automatic=automatic, rule=rule))
    return found


def find_rules(
    cases: Sequence[tuple[Sequence[ChainLink], Matter]], book: Rulebook | None = None
) -> list[RoutingRule | None]:
    """Return the rule that counts for each case, if any. One query.

    It's that of the smallest unit; of two for the same unit the one that names the matter.
    """
    rules = (book or rulebook()).routes
    return [
        next((rules[key] for key in _keys(chain, matter) if key in rules), None) for chain, matter in cases
    ]


def route_of(matter: Matter, rule: RoutingRule | None) -> list[PostKind]:
    """Return the posts that are tried in each unit, in this order."""
    return [PostKind(kind) for kind in (rule.posts if rule else matter.route)]


def is_automatic(matter: Matter, rule: RoutingRule | None) -> bool:
    """Return whether a report is assigned at once."""
    return rule.is_automatic if rule else matter.is_automatic


def routing_rules() -> QuerySet[RoutingRule]:
    """Return all rules, as the office lists them: by matter, those for everywhere first."""
    return RoutingRule.objects.select_related("unit").order_by("matter_code", "unit__code")


def _keys(chain: Sequence[ChainLink], matter: Matter) -> Iterator[tuple[int | None, str]]:
    """Yield unit and matter of the rules that could count, from what weighs most."""
    for unit_id in (*(link.unit_id for link in reversed(chain)), None):
        yield unit_id, matter.code
        yield unit_id, ""


Holders = dict[tuple[int, str], list[Post]]


def _posts(unit_ids: Collection[int]) -> Holders:
    """Return the open posts of the units that can have cases, holders before deputies, by unit and kind."""
    posts = Post.objects.filter(
        unit__in=unit_ids, term__contains=timezone.now(), kind__in=HANDLING_POSTS
    ).select_related("holder")
    found: Holders = {}
    for post in posts.order_by("is_deputy", "pk"):
        found.setdefault((post.unit_id, post.kind), []).append(post)
    return found


def _climb(
    chain: Sequence[ChainLink], route: Iterable[PostKind], posts: Holders
) -> tuple[tuple[Step, ...], int | None]:
    steps = []
    for link, kind in ((link, kind) for link in reversed(chain) for kind in route):
        held = posts.get((link.unit_id, kind), [])
        for is_deputy, outcome, user_id in map(_outcome, held) if held else _NOBODY:
            steps.append(
                Step(
                    unit_id=link.unit_id,
                    unit_name=link.name,
                    post=kind,
                    is_deputy=is_deputy,
                    outcome=outcome,
                )
            )
            if outcome is Outcome.CHOSEN:
                return tuple(steps), user_id
    return tuple(steps), None


_NOBODY: list[tuple[bool, Outcome, int | None]] = [(False, Outcome.NO_SUCH_POST, None)]


def _outcome(post: Post) -> tuple[bool, Outcome, int | None]:
    if post.holder is None:
        return post.is_deputy, Outcome.VACANT, None
    outcome = Outcome.CHOSEN if post.holder.is_active else Outcome.NOT_ACTIVE
    return post.is_deputy, outcome, post.holder_id
