"""The cases around a case: parts, duplicates, what it follows, as far as the reader may see them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import pgettext_lazy

from incidents.selectors.visible import visible_cases
from incidents.workflow import State

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

    from incidents.models import Incident, Matter


class Relation(StrEnum):
    """What another case is for this one."""

    PARENT = "parent"
    CHILD = "child"
    MASTER = "master"
    DUPLICATE = "duplicate"
    FOLLOWS = "follows"
    FOLLOWER = "follower"


RELATION_LABELS = {
    Relation.PARENT: pgettext_lazy("relation of cases", "Is a part of"),
    Relation.CHILD: pgettext_lazy("relation of cases", "Part"),
    Relation.MASTER: pgettext_lazy("relation of cases", "Is merged into"),
    Relation.DUPLICATE: pgettext_lazy("relation of cases", "Merged into this one"),
    Relation.FOLLOWS: pgettext_lazy("relation of cases", "Follows"),
    Relation.FOLLOWER: pgettext_lazy("relation of cases", "Is followed by"),
}


@dataclass(frozen=True, slots=True)
class RelatedCase:
    """A case and what it is for the other."""

    relation: Relation
    incident_id: int
    number: str
    matter: Matter
    state: State
    text: str


def related_cases(user: AbstractBaseUser, incident: Incident) -> list[RelatedCase]:
    """Return the cases around ``incident`` that the user may see; one query."""
    above = {
        Relation.PARENT: incident.parent_id,
        Relation.MASTER: incident.merged_into_id,
        Relation.FOLLOWS: incident.follows_id,
    }
    below = {
        Relation.CHILD: "parent_id",
        Relation.DUPLICATE: "merged_into_id",
        Relation.FOLLOWER: "follows_id",
    }
    found = visible_cases(user).filter(
        Q(pk__in=[pk for pk in above.values() if pk])
        | Q(parent=incident.pk)
        | Q(merged_into=incident.pk)
        | Q(follows=incident.pk)
    )
    rows = []
    for other in found.select_related("matter").defer("place").order_by("pk"):
        relations = [relation for relation, pk in above.items() if pk == other.pk]
        relations += [relation for relation, name in below.items() if getattr(other, name) == incident.pk]
        rows += [
            RelatedCase(relation, other.pk, other.number, other.matter, State(other.state), other.text)
            for relation in relations
        ]
    return sorted(rows, key=lambda row: list(Relation).index(row.relation))
