"""The forms of the party register; what may be, the services decide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.levels import Level
from gis_grids.selectors import current_versions, descendant_ids
from households.models import ContactLog, JointDuty, PartyMember, PartyOrganisationKind, PartyRole
from households.permissions import named_roots
from households.selectors.party.joint import local_units_for
from households.selectors.party.organisations import open_organisations, parents_for
from households.services.party.contacts import MAX_NOTE
from households.services.party.joint import MAX_TEXT
from households.services.party.organisations import MAX_NAME
from mapui.office.duty.forms import DateInput
from mapui.office.rules.choices import unit_options
from mapui.office.rules.forms import RuleForm

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser
    from django.utils.functional import _StrPromise

    from gis_grids.permissions import Scope
    from households.models import PartyOrganisation

FROM: Final = _("From")


def day_field(label: _StrPromise = FROM) -> forms.DateField:
    """Return a field for the day from which on something counts; usually today."""
    return forms.DateField(label=label, widget=DateInput(), initial=timezone.localdate)


class DayForm(forms.Form):
    """A day on which something ends."""

    on = day_field()


class OrganisationForm(RuleForm):
    """An organisation: its kind (only while it is new), name, place in the tree, and the grids it is for."""

    about: ClassVar = {
        "party.name_taken": "name",
        "party.no_name": "name",
        "text.": "name",
        "party.parent": "parent_id",
        "party.no_unit": "unit_ids",
        "party.ground_before": "on",
        "party.future": "on",
    }

    kind = forms.ChoiceField(label=_("Kind"), choices=PartyOrganisationKind.choices)
    name = forms.CharField(label=_("Name"), max_length=MAX_NAME)
    parent_id = forms.TypedChoiceField(label=_("Stands under"), required=False, coerce=int, empty_value=None)
    unit_ids = forms.TypedMultipleChoiceField(
        label=_("Grids that it is for"),
        coerce=int,
        widget=forms.SelectMultiple(attrs={"size": 10}),
        help_text=_("Hold Ctrl to choose several."),
    )
    on = day_field()

    def __init__(self, scope: Scope, organisation: PartyOrganisation | None, data: Any) -> None:  # noqa: ANN401
        super().__init__(data, initial=_as_typed(organisation) if organisation else None)
        roots = named_roots(scope)
        self._offer("parent_id", [("", "–"), *_texts(parents_for(scope, organisation))])
        self._offer("unit_ids", _grids(roots, organisation))
        if organisation is not None:
            del self.fields["kind"]
            self.fields["on"].label = _("The grids change on")


class EnrolForm(RuleForm):
    """How a resident is entered as a member."""

    about: ClassVar = {
        "party.approval_of_street": "stage",
        "party.joint_has_no_members": "organisation_id",
        "party.organisation_ended": "organisation_id",
        "party.member_before": "on",
        "party.future": "on",
    }

    organisation_id = forms.TypedChoiceField(label=_("Organisation"), coerce=int)
    stage = forms.ChoiceField(
        label=_("Stage"),
        choices=PartyMember.Stage.choices,
        initial=PartyMember.Stage.FULL,
        help_text=_("Who is to be admitted is entered as proposed; the street decides."),
    )
    attendance = forms.ChoiceField(label=_("Attendance"), choices=PartyMember.Attendance.choices)
    joined_on = forms.DateField(label=_("Party member since"), widget=DateInput(), required=False)
    on = day_field(_("Belongs to the organisation from"))

    def __init__(self, scope: Scope, data: Any) -> None:  # noqa: ANN401
        super().__init__(data)
        self._offer("organisation_id", _texts(open_organisations(scope, with_joint=False)))


class MemberForm(RuleForm):
    """What may be corrected of a member."""

    about: ClassVar = {"party.future": "on"}

    attendance = forms.ChoiceField(label=_("Attendance"), choices=PartyMember.Attendance.choices)
    joined_on = forms.DateField(label=_("Party member since"), widget=DateInput(), required=False)
    on = day_field(_("Counts from"))

    def __init__(self, member: PartyMember, data: Any) -> None:  # noqa: ANN401
        super().__init__(data, initial={"attendance": member.attendance, "joined_on": member.joined_on})


class TransferForm(forms.Form):
    """To which organisation a member is transferred."""

    organisation_id = forms.TypedChoiceField(label=_("Organisation"), coerce=int)
    on = day_field()

    def __init__(self, scope: Scope, data: Any = None) -> None:  # noqa: ANN401
        super().__init__(data)
        self.fields["organisation_id"].choices = _texts(open_organisations(scope))  # type: ignore[attr-defined]


class AppointForm(TransferForm):
    """Which role a member gets, and in which organisation."""

    kind = forms.ChoiceField(label=_("Role"), choices=PartyRole.Kind.choices)
    field_order = ("kind", "organisation_id", "on")


class ServeForm(RuleForm):
    """Whom a hub serves."""

    about: ClassVar = {"party.future": "on", "party.served_before": "on"}

    member_ids = forms.TypedMultipleChoiceField(
        label=_("Members"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    on = day_field()

    def __init__(self, offered: list[tuple[str, str]], data: Any, **initial: object) -> None:  # noqa: ANN401
        super().__init__(data, initial=initial)
        self.fields["member_ids"].choices = offered  # type: ignore[attr-defined]


class BeginForm(RuleForm):
    """With which households a member keeps contact from now on."""

    about: ClassVar = {"party.future": "on", "party.contact_before": "on"}

    household_ids = forms.TypedMultipleChoiceField(
        label=_("Households"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one household.")},
    )
    on = day_field()

    def __init__(self, offered: list[tuple[str, str]], data: Any = None) -> None:  # noqa: ANN401
        super().__init__(data)
        self.fields["household_ids"].choices = offered  # type: ignore[attr-defined]


class LogForm(RuleForm):
    """An entry of a contact's log."""

    about: ClassVar = {"party.future": "on", "party.contact_not_then": "on", "text.": "text"}

    on = day_field(_("On"))
    way = forms.ChoiceField(label=_("How"), choices=ContactLog.Way.choices)
    text = forms.CharField(
        label=_("What came of it"),
        max_length=MAX_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class JoinForm(forms.Form):
    """Who joins a joint committee: one of both lists."""

    organisation_id = forms.TypedChoiceField(
        label=_("Party organisation"), coerce=int, required=False, empty_value=None
    )
    local_unit_id = forms.TypedChoiceField(
        label=_("Local unit"), coerce=int, required=False, empty_value=None
    )
    on = day_field()

    def __init__(self, user: AbstractBaseUser, scope: Scope, data: Any = None) -> None:  # noqa: ANN401
        super().__init__(data)
        units = [(str(unit.pk), unit.name) for unit in local_units_for(user)]
        choices: dict[str, Any] = {
            "organisation_id": _texts(open_organisations(scope, with_joint=False)),
            "local_unit_id": units,
        }
        for name, options in choices.items():
            self.fields[name].choices = [("", "–"), *options]  # type: ignore[attr-defined]


class DutyForm(RuleForm):
    """A meeting, pledge, notice or review, and the day by which it is due."""

    about: ClassVar = {"party.no_text": "text", "text.": "text"}

    kind = forms.ChoiceField(label=_("Kind"), choices=JointDuty.Kind.choices)
    joint_member_id = forms.TypedChoiceField(
        label=_("Whose it is"), coerce=int, required=False, empty_value=None
    )
    text = forms.CharField(label=_("What"), max_length=MAX_TEXT, widget=forms.Textarea(attrs={"rows": 2}))
    due_on = forms.DateField(label=_("Due on"), widget=DateInput())
    is_public = forms.BooleanField(label=_("Shown to residents (names nobody)"), required=False)

    def __init__(self, members: list[tuple[str, str]], data: Any = None) -> None:  # noqa: ANN401
        super().__init__(data)
        self._offer("joint_member_id", [("", _("The committee's")), *members])


class DoneForm(DayForm):
    """That a duty was done, and what came of it."""

    outcome = forms.CharField(label=_("What came of it"), max_length=2000, required=False)


def _texts(options: list[tuple[int, str]]) -> list[tuple[str, Any]]:
    return [(str(value), text) for value, text in options]


def _as_typed(organisation: PartyOrganisation) -> dict[str, Any]:
    grounds = organisation.grounds.filter(days__upper_inf=True)
    return {
        "name": organisation.name,
        "parent_id": organisation.parent_id,
        "unit_ids": list(grounds.values_list("unit", flat=True)),
    }


def _grids(roots: Any, organisation: PartyOrganisation | None) -> list[tuple[str, str]]:  # noqa: ANN401
    """Return the grids to choose from: all of a community's, those of a street to the area; and its own."""
    depths = current_versions().filter(unit__in=roots).values_list("depth", flat=True)
    is_small = min(depths, default=0) >= Level.COMMUNITY.depth
    options = unit_options(roots, Level.RESIDENT_GROUP if is_small else Level.AREA)
    if organisation is None:
        return options
    own = organisation.grounds.filter(days__upper_inf=True).values("unit")
    mine = current_versions().filter(unit__in=own).filter(unit__in=descendant_ids(roots))
    offered = dict(options)
    return options + [
        (str(unit), name) for unit, name in mine.values_list("unit", "name") if str(unit) not in offered
    ]
