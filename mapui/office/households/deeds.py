"""What can be done with a household, by the last word of the address: the form, and what it does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.forms import Form
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import NotFound
from gis_grids.permissions import scope_of
from households.models import EndedWhy, Need, Residence, Resident
from households.permissions import named_roots
from households.selectors.addresses import address_book, find_address
from households.services.ending import end_household, reopen_household
from households.services.lineage import merge_households, split_household
from households.services.needs import change_need, note_need
from households.services.openings import correct_household
from households.services.residences import (
    change_head,
    change_representative,
    change_role,
    correct_days,
    move_in,
    move_out,
)
from households.services.residents import correct_resident
from households.services.stays import first_of
from mapui.office.households import forms
from mapui.office.households.reading import house_mates
from mapui.office.households.relations import relation_to
from mapui.office.households.visiting import visit_form, visited

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.auth.models import User
    from django.http import QueryDict
    from django.utils.functional import _StrPromise

    from households.selectors.whole import WholeHousehold


@dataclass(frozen=True, slots=True)
class Asked:
    """Who wants to do something with which household, and with which of its residences or needs."""

    user: User
    whole: WholeHousehold
    about: int | None

    @property
    def household_id(self) -> int:
        """The household's key."""
        return self.whole.household.pk

    def residence(self) -> Residence:
        """Return the residence of the household that it is about. Raises `NotFound`."""
        rows = Residence.objects.filter(household=self.household_id, pk=self.about or 0)
        found = rows.select_related("resident").first()
        if found is None:
            raise NotFound("residence.not_found", _("There is no such resident in your area."))
        return found

    def need(self) -> Need:
        """Return the need of the household that it is about. Raises `NotFound`."""
        found = Need.objects.filter(household=self.household_id, pk=self.about or 0).first()
        if found is None:
            raise NotFound("need.not_found", _("There is no such need in your area."))
        return found

    def residents(self) -> list[tuple[int, str]]:
        """Return who lives there by their residences, to choose from."""
        return [(row.residence_id, row.name) for row in self.whole.residents]


@dataclass(frozen=True, slots=True)
class Deed:
    """A deed: its name, its form, and what it does, which returns the household to show then."""

    title: _StrPromise
    form: Callable[[Asked, QueryDict | None], Form]
    do: Callable[[Asked, Any], int]
    done: _StrPromise
    explained: _StrPromise | str = ""
    """What one should know before: shown above the form."""
    is_about_one: bool = False
    """Whether it is about a residence or a need."""
    has_map: bool = False
    """Whether its form has a place."""


# --- the household itself -----------------------------------------------------------------------------------


def _correct_form(asked: Asked, data: QueryDict | None) -> Form:
    household = asked.whole.household
    had_head = household.residences.filter(relation=Residence.Relation.HEAD).exists()
    return forms.HouseholdForm(data, household=household, has_had_head=had_head, can_move=True)


def _correct(asked: Asked, form: forms.HouseholdForm) -> int:
    dwelling_id = asked.whole.household.dwelling_id
    if form.cleaned_data.get("finds_dwelling"):
        book = address_book(named_roots(scope_of(asked.user)))
        found = find_address(form.cleaned_data["address"], book)
        if found.dwelling_id is None:
            raise NotFound(
                "household.no_dwelling_there", _("No dwelling of your area has this address. Correct it.")
            )
        dwelling_id = found.dwelling_id
    fields = form.fields_told(dwelling_id)
    return correct_household(actor=asked.user, household_id=asked.household_id, fields=fields).pk


def _end(asked: Asked, form: Form) -> int:
    told = form.cleaned_data
    end_household(
        actor=asked.user,
        household_id=asked.household_id,
        day=told["day"],
        why=EndedWhy(told["why"]),
        moved_to=told["moved_to"],
    )
    return asked.household_id


def _reopen(asked: Asked, _form: Form) -> int:
    return reopen_household(actor=asked.user, household_id=asked.household_id).pk


def _merge(asked: Asked, form: Form) -> int:
    told = form.cleaned_data
    other = told["number"] or told["other"]
    return merge_households(
        actor=asked.user, household_id=asked.household_id, other_id=other, day=told["day"]
    ).pk


def _split(asked: Asked, form: Form) -> int:
    told = form.cleaned_data
    return split_household(
        actor=asked.user,
        household_id=asked.household_id,
        residence_ids=told["residents"],
        head_id=told["head"],
        day=told["day"],
    ).pk


# --- who lives there ----------------------------------------------------------------------------------------


def _move_in_form(asked: Asked, data: QueryDict | None) -> Form:
    whole = asked.whole
    return forms.MoveInForm(
        data, unnamed=whole.unnamed, has_head=whole.has_head, householder=whole.householder
    )


def _move_in(asked: Asked, form: forms.MoveInForm) -> int:
    told = form.cleaned_data
    names = ("since", "moved_from", "leaves_other")
    move_in(
        actor=asked.user,
        household_id=asked.household_id,
        person=form.person(),
        role=form.role(),
        was_counted=told.get("was_counted", False),
        **{name: told[name] for name in names},
    )
    return asked.household_id


def _move_out(asked: Asked, form: Form) -> int:
    told = form.cleaned_data
    move_out(
        actor=asked.user,
        residence_id=asked.residence().pk,
        day=told["day"],
        left_for=Residence.LeftFor(told["left_for"]),
        moved_to=told["moved_to"],
    )
    return asked.household_id


def _person_form(asked: Asked, data: QueryDict | None) -> Form:
    return forms.PersonForm(data, resident=asked.residence().resident)


def _person(asked: Asked, form: forms.PersonForm) -> int:
    resident: Resident = asked.residence().resident
    correct_resident(actor=asked.user, resident_id=resident.pk, person=form.person())
    return asked.household_id


def _role_form(asked: Asked, data: QueryDict | None) -> Form:
    row = asked.residence()
    names = ("relation", "registration", "is_representative")
    return forms.ChangeRoleForm(data, initial={name: getattr(row, name) for name in names})


def _role(asked: Asked, form: forms.ChangeRoleForm) -> int:
    change_role(
        actor=asked.user,
        residence_id=asked.residence().pk,
        role=form.role(),
        day=form.cleaned_data["day"],
    )
    return asked.household_id


def _head_form(asked: Asked, data: QueryDict | None) -> Form:
    new = asked.residence()
    rows = Residence.objects.filter(household=asked.household_id, days__contains=timezone.localdate())
    others = [
        (row.pk, row.resident.name, relation_to(new.relation, row.relation))
        for row in rows.select_related("resident").exclude(pk=new.pk).order_by("pk")
    ]
    return forms.HeadForm(data, others=others)


def _head(asked: Asked, form: forms.HeadForm) -> int:
    change_head(
        actor=asked.user,
        residence_id=asked.residence().pk,
        day=form.cleaned_data["day"],
        relations=form.relations(),
    )
    return asked.household_id


def _representative(asked: Asked, form: Form) -> int:
    change_representative(actor=asked.user, residence_id=asked.residence().pk, day=form.cleaned_data["day"])
    return asked.household_id


def _days_form(asked: Asked, data: QueryDict | None) -> Form:
    row = first_of(asked.residence())
    return forms.DaysForm(data, initial={"since": row.days.lower, "moved_from": row.moved_from})


def _days(asked: Asked, form: Form) -> int:
    correct_days(actor=asked.user, residence_id=asked.residence().pk, **form.cleaned_data)
    return asked.household_id


# --- needs and visits ---------------------------------------------------------------------------------------


def _note_need(asked: Asked, form: Form) -> int:
    told = {**form.cleaned_data, "kind": Need.Kind(form.cleaned_data["kind"])}
    note_need(actor=asked.user, household_id=asked.household_id, **told)
    return asked.household_id


def _last_day_form(asked: Asked, data: QueryDict | None) -> Form:
    upper = asked.need().days.upper
    return forms.LastDayForm(data, initial={"last": upper and upper - timedelta(days=1)})


def _change_need(asked: Asked, form: Form) -> int:
    change_need(actor=asked.user, need_id=asked.need().pk, last=form.cleaned_data["last"])
    return asked.household_id


def _visit(asked: Asked, form: forms.VisitForm) -> int:
    visited(asked.user, asked.household_id, form.cleaned_data)
    return asked.household_id


#: By the last word of the address.
DEEDS: Final[dict[str, Deed]] = {
    "correct": Deed(_("Correct the household"), _correct_form, _correct, _("It is put right.")),
    "end": Deed(
        _("End the household"),
        lambda _asked, data: forms.EndForm(data),
        _end,
        _("The household has ended."),
        _(
            "Who lives there leaves with it, and its needs end. It is in no list and no count; its history "
            "stays."
        ),
    ),
    "reopen": Deed(
        _("Reopen the household"),
        lambda _asked, data: Form(data),
        _reopen,
        _("The household is open again."),
        _("Who left with the household lives there again. Needs are noted anew."),
    ),
    "merge": Deed(
        _("Merge with another household"),
        lambda asked, data: forms.MergeForm(data, near=house_mates(asked.user, asked.whole.household)),
        _merge,
        _("The households are one."),
        _("The other one ends: its residents and needs come over to this one, its visits stay with it."),
    ),
    "split": Deed(
        _("Split the household"),
        lambda asked, data: forms.SplitForm(data, residents=asked.residents()),
        _split,
        _("This is the new household."),
        _("Who goes becomes a household of their own in the same dwelling."),
    ),
    "move-in": Deed(_("Enter a resident"), _move_in_form, _move_in, _("The resident is entered.")),
    "move-out": Deed(
        _("Moved out"),
        lambda _asked, data: forms.MoveOutForm(data),
        _move_out,
        _("It is noted who moved out."),
        _("With the last one the household ends."),
        is_about_one=True,
    ),
    "person": Deed(_("Correct the person"), _person_form, _person, _("It is put right."), is_about_one=True),
    "role": Deed(
        _("Another role in the household"), _role_form, _role, _("The role is changed."), is_about_one=True
    ),
    "head": Deed(
        _("Make head of the household"), _head_form, _head, _("The head is changed."), is_about_one=True
    ),
    "representative": Deed(
        _("Make representative"),
        lambda _asked, data: forms.DayForm(data),
        _representative,
        _("The representative is changed."),
        _("Speaks and votes for the household, in place of who did so far."),
        is_about_one=True,
    ),
    "days": Deed(_("Correct since when"), _days_form, _days, _("It is put right."), is_about_one=True),
    "need": Deed(
        _("Note a need"), lambda _asked, data: forms.NeedForm(data), _note_need, _("The need is noted.")
    ),
    "need-days": Deed(
        _("Extend or end the need"),
        _last_day_form,
        _change_need,
        _("The need has another last day."),
        _("A later day because you have asked again, an earlier one to end it."),
        is_about_one=True,
    ),
    "visit": Deed(
        _("Record a visit"),
        lambda _asked, data: visit_form(data),
        _visit,
        _("The visit is recorded."),
        _("An evening or a week-end is as good as any other time."),
        has_map=True,
    ),
}
