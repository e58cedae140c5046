"""Who lives in a household, from when to when and as what: moves, and roles that change hands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput, Conflict, NotFound
from gis_grids.services.texts import clean_text
from households.models import EndedWhy, Household, HouseholdChange, Residence
from households.selectors.access import household_to_edit
from households.services.ending import shrink
from households.services.ledger import note, past
from households.services.residents import lives_here_already, resident_for
from households.services.standing import keep_in_step
from households.services.stays import check_born, close, first_of, living, restate, store

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from django.contrib.auth.models import AbstractBaseUser

    from households.services.residents import Person

_LONGEST_PLACE: Final = 100
_RELATION, _LEFT, _WHAT = Residence.Relation, Residence.LeftFor, HouseholdChange.What

#: Which end of a household its last resident's leaving is.
_LAST_ONE: Final = {
    _LEFT.MOVED_AWAY: EndedWhy.MOVED_AWAY,
    _LEFT.OTHER_HOUSEHOLD: EndedWhy.MOVED_AWAY,
    _LEFT.DIED: EndedWhy.DIED,
    _LEFT.MISTAKE: EndedWhy.MISTAKE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """As what somebody lives in a household."""

    relation: Residence.Relation = Residence.Relation.OTHER
    registration: str = ""
    is_representative: bool = False


@transaction.atomic
def move_in(  # noqa: PLR0913 - what a move consists of
    *,
    actor: AbstractBaseUser,
    household_id: int,
    person: Person,
    role: Role,
    since: date | None,
    moved_from: str = "",
    was_counted: bool = False,
    leaves_other: bool = False,
) -> Residence:
    """Enter that somebody lives in a household from a day on (None: since before it was written down).

    ``was_counted`` is for one whom the household's size counts already, and who is now known by name. Who is
    known by his identity number and lives in another household moves over if ``leaves_other`` says so.

    Raises what `household_to_edit` and `read_person` raise, `BadInput` ("residence.before_birth"), `Conflict`
    ("household.ended", "resident.same_name", "resident.lives_here", "resident.lives_elsewhere",
    "residence.has_head", "residence.has_representative", "residence.overlaps").
    """
    household = _current(actor, household_id)
    if lives_here_already(household_id, person):
        raise Conflict(
            "resident.same_name",
            _(
                "Somebody of this name lives in the household already. Give the day of birth to tell the two "
                "apart."
            ),
        )
    resident = resident_for(person)
    first = past(since) if since else None
    check_born(resident.born_on, first)
    _leave_other(actor, resident.pk, since, household_id=household_id, leaves_other=leaves_other)
    residence = Residence(
        resident=resident,
        household=household,
        days=DateRange(first, None),
        relation=role.relation,
        registration=role.registration,
        is_representative=role.is_representative,
        moved_from=clean_text(moved_from, limit=_LONGEST_PLACE),
    )
    store(residence)
    note(_WHAT.MOVED_IN, household_id=household_id, actor=actor, day=since, resident_id=resident.pk)
    keep_in_step(household_ids=[household_id], size_by={household_id: 0 if was_counted else 1})
    return residence


@transaction.atomic
def move_out(
    *,
    actor: AbstractBaseUser,
    residence_id: int,
    day: date,
    left_for: Residence.LeftFor,
    moved_to: str = "",
) -> Residence:
    """Enter that somebody lives in his household no longer; ``day`` is the first one without him.

    With the last resident, named or counted, the household ends. Raises what `household_to_edit` raises,
    `NotFound` ("residence.not_found"), `Conflict` ("residence.over"), `BadInput` ("residence.too_short",
    "day.*", "text.*").
    """
    residence = _open_residence(actor, residence_id)
    close(residence, day, left_for, clean_text(moved_to, limit=_LONGEST_PLACE))
    household_id = residence.household_id
    note(_WHAT.MOVED_OUT, household_id=household_id, actor=actor, day=day, resident_id=residence.resident_id)
    shrink(household_id, day=day, why=_LAST_ONE[left_for], actor=actor)
    return residence


@transaction.atomic
def change_role(
    *, actor: AbstractBaseUser, residence_id: int, role: Role, day: date | None = None
) -> Residence:
    """Give somebody another role in his household from a day on; without a day it was wrong all the time.

    Raises what `household_to_edit` raises, `NotFound` ("residence.not_found"), `Conflict` ("residence.over",
    "residence.has_head", "residence.has_representative"), `BadInput` ("residence.before_it_began", "day.*").
    """
    residence = _open_residence(actor, residence_id)
    told = {
        "relation": role.relation,
        "registration": role.registration,
        "is_representative": role.is_representative,
    }
    changed = [name for name, value in told.items() if getattr(residence, name) != value]
    if not changed:
        return residence
    [residence] = restate({residence: told}, day)
    what = _WHAT.CORRECTED if day is None else _WHAT.ROLE
    note(
        what,
        household_id=residence.household_id,
        actor=actor,
        day=day,
        resident_id=residence.resident_id,
        fields=changed,
    )
    keep_in_step(household_ids=[residence.household_id])
    return residence


@transaction.atomic
def change_head(
    *,
    actor: AbstractBaseUser,
    residence_id: int,
    day: date,
    relations: Mapping[int, Residence.Relation] | None = None,
) -> Residence:
    """Make a resident the head of his household from a day on.

    ``relations`` says what the others are to the new head, by their residences; who isn't named stays what he
    was, and the former head becomes "other". Raises as `change_role`, and `BadInput` ("residence.two_heads").
    """
    residence = _open_residence(actor, residence_id)
    told = dict(relations or {})
    told.pop(residence_id, None)
    if _RELATION.HEAD in told.values():
        raise BadInput(
            "residence.two_heads", _("A household has one head. Choose what the others are to the new one.")
        )
    new: dict[Residence, dict[str, Any]] = {residence: {"relation": _RELATION.HEAD}}
    for other in living(residence.household_id).exclude(pk=residence_id):
        was_head = other.relation == _RELATION.HEAD
        relation = told.get(other.pk, _RELATION.OTHER if was_head else _RELATION(other.relation))
        if relation != other.relation:
            new[other] = {"relation": relation}
    head, *_others = restate(new, day)
    note(_WHAT.HEAD, household_id=head.household_id, actor=actor, day=day, resident_id=head.resident_id)
    keep_in_step(household_ids=[head.household_id])
    return head


@transaction.atomic
def change_representative(*, actor: AbstractBaseUser, residence_id: int, day: date) -> Residence:
    """Make a resident the one who speaks for his household (户代表) from a day on, in place of another.

    Raises as `change_role`.
    """
    residence = _open_residence(actor, residence_id)
    new: dict[Residence, dict[str, Any]] = {residence: {"is_representative": True}}
    for former in living(residence.household_id).filter(is_representative=True).exclude(pk=residence_id):
        new[former] = {"is_representative": False}
    representative, *_former = restate(new, day)
    household_id, resident_id = representative.household_id, representative.resident_id
    note(_WHAT.REPRESENTATIVE, household_id=household_id, actor=actor, day=day, resident_id=resident_id)
    return representative


@transaction.atomic
def correct_days(
    *, actor: AbstractBaseUser, residence_id: int, since: date | None, moved_from: str = ""
) -> Residence:
    """Put right since when somebody lives in his household (None: unknown), and from where he came.

    In whatever roles: those that he took on later stay as they are. Raises what `household_to_edit` raises,
    `NotFound` ("residence.not_found"), `Conflict` ("residence.over", "residence.overlaps" and the like),
    `BadInput` ("residence.before_it_began", "residence.before_birth", "day.*", "text.*").
    """
    residence = first_of(_open_residence(actor, residence_id))
    first = past(since) if since else None
    check_born(residence.resident.born_on, first)
    if first and residence.days.upper and first >= residence.days.upper:
        raise BadInput(
            "residence.before_it_began",
            _("The role in the household changed on %(day)s. Choose an earlier day."),
            {"day": residence.days.upper},
        )
    residence.days = DateRange(first, residence.days.upper)
    residence.moved_from = clean_text(moved_from, limit=_LONGEST_PLACE)
    store(residence)
    note(
        _WHAT.CORRECTED,
        household_id=residence.household_id,
        actor=actor,
        resident_id=residence.resident_id,
        fields=["days", "moved_from"],
    )
    return residence


# --- the parts ---------------------------------------------------------------------------------------------


def _current(actor: AbstractBaseUser, household_id: int) -> Household:
    household = household_to_edit(actor, household_id)
    if household.ended_on is not None:
        raise Conflict("household.ended", _("This household has ended. Reopen it first."))
    return household


def _open_residence(actor: AbstractBaseUser, residence_id: int) -> Residence:
    residence = Residence.objects.filter(pk=residence_id).first()
    if residence is None:
        raise NotFound("residence.not_found", _("There is no such resident in your area."))
    household_to_edit(actor, residence.household_id)
    residence.refresh_from_db()  # the household is locked now: nobody else changes who lives there
    if residence.days.upper is not None:
        if living(residence.household_id).filter(resident=residence.resident_id).exists():
            sentence = _("This person's role has been changed since. Open the household again.")
            raise Conflict("residence.changed", sentence)
        raise Conflict("residence.over", _("This person doesn't live in the household any more."))
    return residence


def _leave_other(
    actor: AbstractBaseUser, resident_id: int, since: date | None, *, household_id: int, leaves_other: bool
) -> None:
    """Move somebody out of the household where he is registered now, to come to another one."""
    former = Residence.objects.filter(resident=resident_id, days__upper_inf=True).first()
    if former is None:
        return
    if former.household_id == household_id:
        raise Conflict("resident.lives_here", _("This person lives in this household already."))
    if not leaves_other or since is None:
        raise Conflict(
            "resident.lives_elsewhere",
            _(
                "This person is registered in another household. If it is a move from there to here, say so "
                "and give the day."
            ),
        )
    left_id = former.household_id
    Household.objects.select_for_update().get(pk=left_id)
    close(former, since, _LEFT.OTHER_HOUSEHOLD)
    note(_WHAT.MOVED_OUT, household_id=left_id, actor=actor, day=since, resident_id=resident_id)
    shrink(left_id, day=since, why=_LAST_ONE[_LEFT.OTHER_HOUSEHOLD], actor=actor)
