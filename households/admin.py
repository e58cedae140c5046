"""The first floor in Django's admin: buildings, dwellings, households; persons masked without the right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from leaflet.admin import LeafletGeoAdmin

from gis_grids.admin import LookAtMap
from gis_grids.geometry.lattice import to_storage
from gis_grids.models.shapes import from_stored, to_stored
from gis_grids.personal import shown
from gis_grids.sealing import phone_digest
from gis_grids.services import bump_map_version
from households.models import (
    Building,
    Dwelling,
    Entrance,
    Household,
    HouseholdUnit,
    Need,
    PlaceChange,
    Visit,
)
from households.permissions import SEE_PERSONS
from households.services import home_households

if TYPE_CHECKING:
    from django.db.models import Field, Model, QuerySet
    from django.forms import Field as FormField
    from django.forms import ModelForm
    from django.http import HttpRequest

_OPEN: Final = ("householder", "phone", "is_party_member_household", "is_party_hub_household")
_MASKED: Final = ("masked_householder", "masked_phone")


def _sees_persons(request: HttpRequest) -> bool:
    return request.user.has_perm(SEE_PERSONS)


@admin.register(Building)
class BuildingAdmin(LeafletGeoAdmin):
    """A building's words and numbers; its footprint is shown and comes from imports only.

    django-leaflet's widget drops the holes of a multipolygon, so what it sends back is never read.
    """

    modifiable = False
    list_display = ("code", "name", "address", "use", "floors", "floors_estimated")
    list_filter = ("use", "floors_estimated")
    search_fields = ("code", "name", "address")
    fields = ("code", "name", "address", "use", "floors", "floors_estimated", "height_m", "footprint")

    def formfield_for_dbfield(
        self, db_field: Field[Any, Any], request: HttpRequest | None = None, **kwargs: object
    ) -> FormField | None:
        """Return the field; the footprint's is disabled."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and db_field.name == "footprint":
            field.disabled = True
        return field

    def has_add_permission(self, _request: HttpRequest) -> bool:
        """Refuse: a building needs a footprint."""
        return False

    def save_model(
        self,
        request: HttpRequest,
        obj: Building,
        form: ModelForm[Building],
        change: bool,  # noqa: FBT001 - Django's signature
    ) -> None:
        """Store, and have the base map drawn anew."""
        super().save_model(request, obj, form, change)
        bump_map_version(layer="base")


@admin.register(Entrance)
class EntranceAdmin(LeafletGeoAdmin):
    """Entrances with their point on the map."""

    list_display = ("building", "number")
    list_select_related = ("building",)
    search_fields = ("building__code", "building__name")
    autocomplete_fields = ("building",)


@admin.register(Dwelling)
class DwellingAdmin(admin.ModelAdmin):
    """Dwellings by building, floor and room."""

    list_display = ("building", "entrance", "floor", "room", "is_estimated")
    list_filter = ("is_estimated",)
    list_select_related = ("building", "entrance")
    search_fields = ("building__code", "building__name", "room")
    autocomplete_fields = ("building", "entrance")


class HouseholdUnitInline(admin.TabularInline):
    """Where the household belonged and when; looked at only, the services keep it."""

    model = HouseholdUnit
    extra = 0
    can_delete = False
    fields = readonly_fields = ("unit", "source", "valid")

    def has_add_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        """Refuse."""
        return False


@admin.register(Visit)
class VisitAdmin(LookAtMap):
    """Visits; what was noted is for who may see persons."""

    list_display = ("at", "household", "visitor", "result")
    list_filter = ("result",)
    list_select_related = ("household", "visitor")
    search_fields = ("household__address",)

    def get_fields(self, request: HttpRequest, _obj: Visit | None = None) -> tuple[str, ...]:
        """Return the fields of the page, without the note for who may not see persons."""
        note = ("note",) if _sees_persons(request) else ()
        return ("household", "visitor", "at", "received_at", "result", *note, "place", "follow_up")


@admin.register(Need)
class NeedAdmin(admin.ModelAdmin):
    """Who needs help: for nobody but who may see persons."""

    list_display = ("household", "kind", "people", "days")
    list_filter = ("kind",)
    list_select_related = ("household",)
    raw_id_fields = ("household",)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Hide it from who may not see persons."""
        return super().has_module_permission(request) and _sees_persons(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Refuse who may not see persons."""
        return super().has_view_permission(request, obj) and _sees_persons(request)

    has_change_permission = has_view_permission


@admin.register(PlaceChange)
class PlaceChangeAdmin(LookAtMap):
    """Which places households were given, and which they had before."""

    list_display = ("at", "household", "changed_by", "source", "accuracy_m", "was_used")
    list_filter = ("source", "was_used")
    list_select_related = ("household", "changed_by")
    search_fields = ("household__address",)


@admin.register(Household)
class HouseholdAdmin(LeafletGeoAdmin):
    """Households; who has no right to persons sees 张* and 138****1234, and no party marks."""

    list_filter = ("place_source",)
    autocomplete_fields = ("dwelling",)
    inlines = (HouseholdUnitInline,)

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        """Return the columns, masked or open."""
        persons = _OPEN[:3] if _sees_persons(request) else _MASKED
        return ("id", *persons, "address", "size", "place_source", "placed_on")

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        """Let only those search by person who may see persons: a search that hits tells the name."""
        return ("address", "householder") if _sees_persons(request) else ("address",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Household], search_term: str
    ) -> tuple[QuerySet[Household], bool]:
        """Find by the whole telephone number too, again only for who may see persons."""
        found, has_duplicates = super().get_search_results(request, queryset, search_term)
        if search_term and _sees_persons(request):
            found |= queryset.filter(phone_digest=phone_digest(search_term))
        return found, has_duplicates

    def get_fields(self, request: HttpRequest, _obj: Household | None = None) -> tuple[str, ...]:
        """Return the fields of the form, masked or open."""
        persons = _OPEN if _sees_persons(request) else _MASKED
        place = ("place", "place_source", "place_accuracy_m", "placed_on")
        return ("dwelling", *persons, "address", "size", *place)

    def get_readonly_fields(self, request: HttpRequest, obj: Household | None = None) -> tuple[str, ...]:
        """Keep what is masked as it is, and what follows who lives there."""
        if obj is None or not obj.residences.exists():
            return () if _sees_persons(request) else _MASKED
        return ("householder", "phone", "size") if _sees_persons(request) else (*_MASKED, "size")

    @admin.display(description=_("householder"))
    def masked_householder(self, household: Household) -> str:
        """Return the name, masked."""
        return str(shown("households.Household.householder", household.householder, in_clear=False))

    @admin.display(description=_("phone"))
    def masked_phone(self, household: Household) -> str:
        """Return the telephone number, masked."""
        return str(shown("households.Household.phone", household.phone, in_clear=False))

    def save_model(
        self,
        request: HttpRequest,
        obj: Household,
        form: ModelForm[Household],
        change: bool,  # noqa: FBT001 - Django's signature
    ) -> None:
        """Store the place on the storage lattice, and find the household's unit anew."""
        if obj.place:
            obj.place = to_stored(to_storage(from_stored(obj.place)))  # type: ignore[assignment]
        super().save_model(request, obj, form, change)
        home_households(household_ids=[obj.pk])
