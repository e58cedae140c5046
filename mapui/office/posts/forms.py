"""The forms of the pages of posts: what is asked for an appointment, a hand-over, an end, a correction."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gis_grids.levels import KINDS_OF_LEVEL, PostKind
from gis_grids.models import Post
from gis_grids.people import name_of
from gis_grids.permissions import SCREENS, may_give
from gis_grids.selectors.posts import Standing, field_kinds, people_called
from gis_grids.services.people import enrol_person
from households.selectors.cares import houses_in
from mapui.office.duty.forms import DateInput

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from django.contrib.auth.models import AbstractUser, User
    from django.http import QueryDict

    from gis_grids.permissions import Scope
    from gis_grids.selectors import ChainLink

_NEW: Final = "new"
STANDINGS: Final = {
    Standing.HELD: pgettext_lazy("post", "held"),
    Standing.ENDS_SOON: pgettext_lazy("post", "ends soon"),
    Standing.VACANT: pgettext_lazy("post", "vacant"),
    Standing.TO_COME: pgettext_lazy("post", "to come"),
    Standing.OVER: pgettext_lazy("post", "over"),
}


def beginning_of(day: dt.date) -> dt.datetime | None:
    """Return when a day begins, in the district's time; None for today: that counts at once."""
    if day == timezone.localdate():
        return None
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))


def end_of(day: dt.date | None) -> dt.datetime | None:
    """Return when a term ends of which this is the last day."""
    return (
        None
        if day is None
        else timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min))
    )


class FilterForm(forms.Form):
    """What is looked for; the name of a person never stands in an address, and has a form of its own."""

    words = forms.CharField(label=_("Unit"), max_length=40, required=False)
    kind = forms.ChoiceField(label=_("Post"), required=False)
    standing = forms.ChoiceField(label=_("State"), required=False)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.fields["kind"].choices = [("", _("All posts")), *PostKind.choices]  # type: ignore[attr-defined]
        self.fields["standing"].choices = [  # type: ignore[attr-defined]
            ("", _("All that aren't over")),
            *((each.value, label) for each, label in STANDINGS.items()),
        ]


class PersonForm(forms.Form):
    """A form that asks for a person by name: who is called so is offered, or somebody is added."""

    person = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=50, strip=True)
    chosen = forms.ChoiceField(required=False, widget=forms.RadioSelect)

    def __init__(self, roots: Collection[int], data: QueryDict | None = None, **options: Any) -> None:  # noqa: ANN401
        super().__init__(data, **options)
        self._roots = roots
        self.is_asked = False

    def clean(self) -> dict[str, Any]:
        """Find who is meant: by the name if one person has it, else by what was chosen among those who do."""
        told: dict[str, Any] = super().clean() or {}
        name = told.get("person", "").replace("\0", "")
        if not name:
            return told
        people = people_called(name, self._roots)
        offered = [str(each.pk) for each in people]
        wanted = self.data.get("chosen", "")
        self._offer(people)
        self.errors.pop("chosen", None)
        if wanted in offered:
            told["holder_id"] = int(wanted)
        elif wanted == _NEW:
            told["new_person"] = name
        elif len(people) == 1 and name_of(people[0]) == name:
            told["holder_id"] = people[0].pk
        else:
            self.is_asked = True
            self.add_error("person", _("Choose below who is meant, or add a new person."))
        return told

    def _offer(self, people: Sequence[AbstractUser]) -> None:
        choices = [(str(each.pk), _described(each)) for each in people]
        self.fields["chosen"].choices = [*choices, (_NEW, _("A new person with this name"))]  # type: ignore[attr-defined]

    def holder(self, actor: User) -> int | None:
        """Return who was named in a valid form; a new person is added. None where none was."""
        if name := self.cleaned_data.get("new_person"):
            return enrol_person(actor=actor, name=name).pk
        found: int | None = self.cleaned_data.get("holder_id")
        return found


def _described(person: AbstractUser) -> str:
    """Return what tells somebody from others of the same name: a post of his."""
    held = Post.objects.filter(holder=person.pk).order_by("-term").select_related("unit").first()
    return f"{name_of(person)} · {held.get_kind_display()} {held.unit.code}" if held else name_of(person)


class AppointForm(PersonForm):
    """Who gets which post in a unit, from when on; without a name the post is noted as vacant."""

    kind = forms.ChoiceField(label=_("Post"))
    is_deputy = forms.BooleanField(label=_("as deputy"), required=False)
    since = forms.DateField(label=_("From"), widget=DateInput())
    until = forms.DateField(label=_("Last day of the term"), required=False, widget=DateInput())
    contact = forms.CharField(label=_("Service telephone"), max_length=40, required=False)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    field_order = ("kind", "is_deputy", "person", "chosen", "since", "until", "contact", "note")

    def __init__(
        self, scope: Scope, chain: Sequence[ChainLink], data: QueryDict | None = None, *, kind: str = ""
    ) -> None:
        usual = KINDS_OF_LEVEL.get(chain[-1].level, ("",))[0]
        initial = {"since": timezone.localdate(), "kind": kind or usual}
        super().__init__(scope.roots(SCREENS), data, initial=initial)
        over = [link.unit_id for link in chain]
        self.fields["person"].required = False
        self.fields["person"].help_text = _("Without a name the post is noted as vacant.")
        given = [kind for kind in (*field_kinds(), *PostKind) if may_give(scope, kind, over)]
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in dict.fromkeys(given)]  # type: ignore[attr-defined]


class HandOverForm(PersonForm):
    """Who takes a post over, and when."""

    on = forms.DateField(label=_("On"), widget=DateInput())
    until = forms.DateField(label=_("Last day of the new term"), required=False, widget=DateInput())
    with_tasks = forms.BooleanField(label=_("The open cases go along"), required=False, initial=True)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    field_order = ("person", "chosen", "on", "until", "with_tasks", "note")

    def __init__(self, roots: Collection[int], data: QueryDict | None = None) -> None:
        super().__init__(roots, data, initial={"on": timezone.localdate()})
        self.fields["person"].label = _("Successor")


class EndForm(forms.Form):
    """When a term ends, and whether somebody else is to come."""

    on = forms.DateField(label=_("On"), widget=DateInput(), initial=timezone.localdate)
    leaves_vacancy = forms.BooleanField(label=_("The post stays, vacant"), required=False, initial=True)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)


class CorrectForm(forms.Form):
    """What can be put right of a term."""

    contact = forms.CharField(label=_("Service telephone"), max_length=40, required=False)
    until = forms.DateField(label=_("Last day of the term"), required=False, widget=DateInput())
    note = forms.CharField(label=_("Note"), max_length=200, required=False)


class BuildingsForm(forms.Form):
    """Which buildings of the unit a steward is there for."""

    buildings = forms.TypedMultipleChoiceField(
        label=_("Buildings"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: the whole unit. The norm is two or three buildings."),
    )

    def __init__(self, post: Post, data: QueryDict | None = None) -> None:
        super().__init__(data, initial={"buildings": list(post.cares.values_list("building", flat=True))})
        houses = houses_in(post.unit_id)
        self.fields["buildings"].choices = [(house.pk, str(house)) for house in houses]  # type: ignore[attr-defined]
