"""The lists of the register that leave it as files: which columns each has, and how each is masked.

A column names the field that it shows as it is declared in `gis_grids.personal`; the mask follows from that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Case, F, OuterRef, Subquery, Value, When
from django.db.models.functions import Concat, Trim
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gis_grids.levels import PostKind
from gis_grids.models import Post, UnitVersion
from gis_grids.personal import UNMASKED, personal, shown
from gis_grids.selectors import descendant_ids
from gis_grids.selectors.under import lies_under
from households.models import (
    HouseholdUnit,
    Organisation,
    PartyAffiliation,
    PartyMember,
    PlaceSource,
    Residence,
    Resident,
    Tenure,
)
from households.models.organisations import OrganisationKind
from households.selectors.coverage import visible
from households.selectors.party.access import members_below

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from datetime import datetime

    from django.db.models import QuerySet
    from django.utils.functional import _StrPromise

_CHUNK: Final = 2000


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, the path of its value from the row, and the declared field that it shows.

    ``field`` is empty for what is counted or named here and tells nothing of a person. ``words`` are what
    people read for a stored value.
    """

    heading: _StrPromise
    path: str
    field: str = ""
    words: Any = None

    def value(self, row: dict[str, Any], *, in_clear: bool) -> Any:  # noqa: ANN401 - of any field
        """Return what stands in the cell."""
        value = row[self.path]
        if self.field:
            value = shown(self.field, value, in_clear=in_clear)
        return value if self.words is None or value in {None, ""} else str(dict(self.words)[value])


def treated(column: Column) -> bool:
    """Tell whether the column's mask changes anything."""
    found = personal(column.field) if column.field else None
    return found is not None and found.kind not in UNMASKED


@dataclass(frozen=True, slots=True)
class Register:
    """A list that can be taken along: ``rows`` are those below some units at a time, in their order.

    One that ``is_for_keepers`` is for the office of its subtree alone: that somebody is on it tells too much.
    """

    key: str
    title: _StrPromise
    columns: tuple[Column, ...]
    rows: Callable[[Collection[int], datetime], QuerySet[Any]]
    is_for_keepers: bool = False

    @property
    def is_masked(self) -> bool:
        """Whether anything in it is hidden from who has no right to it."""
        return any(treated(column) for column in self.columns)

    def lines(
        self, roots: Collection[int], at: datetime, *, in_clear: bool, most: int
    ) -> Iterator[list[Any]]:
        """Return the lines below the units, read by and by."""
        paths = [column.path for column in self.columns]
        for row in self.rows(roots, at).values(*paths)[:most].iterator(chunk_size=_CHUNK):
            yield [column.value(row, in_clear=in_clear) for column in self.columns]


def _unit_name(unit: str, at: datetime) -> Subquery:
    return Subquery(UnitVersion.objects.filter(unit=OuterRef(unit), valid__contains=at).values("name")[:1])


def _households(roots: Collection[int], at: datetime) -> QuerySet[Any]:
    membership = HouseholdUnit.objects.filter(household=OuterRef("pk"), valid__contains=at)
    rows = visible(roots, at).annotate(unit_id=Subquery(membership.values("unit")[:1]))
    return rows.annotate(unit_name=_unit_name("unit_id", at)).order_by("address", "pk")


def _residents(roots: Collection[int], at: datetime) -> QuerySet[Any]:
    rows = Residence.objects.filter(
        household__in=visible(roots, at).values("pk"), days__contains=timezone.localdate(at)
    )
    return rows.order_by("household__address", "household", "pk")


def _members(roots: Collection[int], at: datetime) -> QuerySet[Any]:
    where = PartyAffiliation.objects.filter(member=OuterRef("pk"), days__contains=timezone.localdate(at))
    rows = members_below(roots).filter(left_on=None)
    named = rows.annotate(organisation_name=Subquery(where.values("organisation__name")[:1]))
    return named.order_by("organisation_name", "pk")


def _organisations(roots: Collection[int], at: datetime) -> QuerySet[Any]:
    rows = Organisation.objects.filter(lies_under(roots, "place"), days__contains=timezone.localdate(at))
    return rows.order_by("name", "pk")


def _posts(roots: Collection[int], at: datetime) -> QuerySet[Any]:
    rows = Post.objects.filter(unit__in=descendant_ids(roots, at), term__contains=at)
    family, given = F("holder__last_name"), F("holder__first_name")
    chinese = When(holder__last_name__regex=r"[\u3400-\u9fff]", then=Concat(family, given))
    called = Case(chinese, default=Trim(Concat(given, Value(" "), family)))
    named = rows.annotate(
        unit_name=_unit_name("unit", at), holder_name=called, since=F("term__startswith__date")
    )
    return named.order_by("unit__code", "kind", "pk")


#: What people read for yes and no; who may not know reads neither.
YES_NO: Final = ((True, _("yes")), (False, _("no")))
_HOME, _PERSON, _STAY = "households.Household", "households.Resident", "households.Residence"
_MEMBER = "households.PartyMember"
_ORGANISATION, _POST = "households.Organisation", "gis_grids.Post"

REGISTERS: Final = {
    register.key: register
    for register in (
        Register(
            "households",
            _("Households"),
            (
                Column(_("Household number"), "pk"),
                Column(_("Unit"), "unit_name"),
                Column(_("Address"), "address", f"{_HOME}.address"),
                Column(_("Building"), "dwelling__building__code"),
                Column(_("Entrance"), "dwelling__entrance__number"),
                Column(_("Room"), "dwelling__room"),
                Column(_("Householder"), "householder", f"{_HOME}.householder"),
                Column(_("Telephone"), "phone", f"{_HOME}.phone"),
                Column(pgettext_lazy("how many", "Residents"), "size"),
                Column(_("Tenure"), "tenure", words=Tenure.choices),
                Column(_("Here since"), "since"),
                Column(
                    _("Party-member household"),
                    "is_party_member_household",
                    f"{_HOME}.is_party_member_household",
                    YES_NO,
                ),
                Column(_("Place from"), "place_source", words=PlaceSource.choices),
                Column(_("Placed on"), "placed_on"),
            ),
            _households,
        ),
        Register(
            "residents",
            _("Residents"),
            (
                Column(_("Resident number"), "resident_id"),
                Column(_("Household number"), "household_id"),
                Column(_("Address"), "household__address", f"{_HOME}.address"),
                Column(_("Name"), "resident__name", f"{_PERSON}.name"),
                Column(_("Gender"), "resident__gender", f"{_PERSON}.gender", Resident.Gender.choices),
                Column(_("Born on"), "resident__born_on", f"{_PERSON}.born_on"),
                Column(_("Telephone"), "resident__phone", f"{_PERSON}.phone"),
                Column(
                    _("Identity number ends with"),
                    "resident__identity_last_four",
                    f"{_PERSON}.identity_last_four",
                ),
                Column(
                    _("Relation to the head"), "relation", f"{_STAY}.relation", Residence.Relation.choices
                ),
                Column(
                    _("Registration"),
                    "registration",
                    f"{_STAY}.registration",
                    Residence.Registration.choices,
                ),
                Column(_("Representative"), "is_representative", f"{_STAY}.is_representative", YES_NO),
                Column(_("Here since"), "days__startswith"),
            ),
            _residents,
        ),
        Register(
            "members",
            _("Party members"),
            (
                Column(_("Party organisation"), "organisation_name"),
                Column(_("Name"), "resident__name", f"{_PERSON}.name"),
                Column(_("Telephone"), "resident__phone", f"{_PERSON}.phone"),
                Column(_("Stage"), "stage", f"{_MEMBER}.stage", PartyMember.Stage.choices),
                Column(
                    _("Attendance"), "attendance", f"{_MEMBER}.attendance", PartyMember.Attendance.choices
                ),
                Column(_("Member since"), "joined_on", f"{_MEMBER}.joined_on"),
            ),
            _members,
            is_for_keepers=True,
        ),
        Register(
            "organisations",
            _("Organisations"),
            (
                Column(_("Name"), "name"),
                Column(_("Kind"), "kind", words=OrganisationKind.choices),
                Column(_("Address"), "address"),
                Column(_("Contact person"), "contact_name", f"{_ORGANISATION}.contact_name"),
                Column(_("Telephone of the contact"), "contact_phone", f"{_ORGANISATION}.contact_phone"),
            ),
            _organisations,
        ),
        Register(
            "posts",
            _("Posts"),
            (
                Column(_("Unit code"), "unit__code"),
                Column(_("Unit"), "unit_name"),
                Column(_("Post"), "kind", words=PostKind.choices),
                Column(_("Deputy"), "is_deputy", words=YES_NO),
                Column(_("Holder"), "holder_name", f"{_POST}.holder"),
                Column(_("Since"), "since"),
                Column(_("Service telephone"), "contact"),
            ),
            _posts,
        ),
    )
}
"""All lists, by their keys."""
