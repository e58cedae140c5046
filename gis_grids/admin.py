"""The ground floor in Django's admin.

Units and their versions are looked at here and changed nowhere but in the services: a boundary drawn by
hand would not tile (and django-leaflet's widget would drop the holes of a multipolygon).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from leaflet.admin import LeafletGeoAdmin

from gis_grids.geometry.lattice import to_storage
from gis_grids.models import Facility, MapFeature, Post, Unit, UnitNorm, UnitVersion
from gis_grids.models.shapes import from_stored, to_stored
from gis_grids.services import bump_map_version

if TYPE_CHECKING:
    from django.db.models import Field, Model
    from django.forms import Field as FormField
    from django.forms import ModelForm
    from django.http import HttpRequest, HttpResponse

_ONLY_LOOKED_AT = {"show_save": False, "show_save_and_continue": False, "show_save_and_add_another": False}


class LookOnly:
    """Nothing is added, changed or deleted: a page is shown, a form sent is refused."""

    def has_add_permission(self, _request: HttpRequest) -> bool:
        """Refuse."""
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        """Refuse."""
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        """Refuse."""
        return False


class LookAtMap(LookOnly, LeafletGeoAdmin):
    """The same with the geometry on a map; it is the only field of the form, and disabled."""

    modifiable = False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Allow to open the form, so that the map is drawn, and refuse to send it."""
        return request.method in {"GET", "HEAD"} and ModelAdmin.has_change_permission(self, request, obj)

    def formfield_for_dbfield(
        self, db_field: Field[Any, Any], request: HttpRequest | None = None, **kwargs: object
    ) -> FormField | None:
        """Return the field, disabled: what a browser sends for it never counts."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            field.disabled = True
        return field

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the object without the buttons to save it."""
        context = {**(extra_context or {}), **_ONLY_LOOKED_AT}
        return super().change_view(request, object_id, form_url, context)


@admin.register(Unit)
class UnitAdmin(LookOnly, ModelAdmin):
    """Units by code and name."""

    list_display = ("code", "level", "current_name")
    list_filter = ("level",)
    search_fields = ("code", "versions__name")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Unit]:
        """Add the name now in force."""
        current = UnitVersion.objects.filter(unit=OuterRef("pk"), valid__contains=timezone.now())
        units: QuerySet[Unit] = super().get_queryset(request)
        return units.annotate(name_now=Subquery(current.values("name")[:1]))

    @admin.display(description=_("name"), ordering="name_now")
    def current_name(self, unit: Unit) -> str:
        """Return the name now in force; "–" for a unit that is closed."""
        return getattr(unit, "name_now", None) or "–"


@admin.register(UnitVersion)
class UnitVersionAdmin(LookAtMap):
    """Every version of every unit, with its boundary on a map."""

    list_display = ("name", "unit", "parent", "depth", "valid")
    list_filter = ("unit__level",)
    list_select_related = ("unit", "parent")
    search_fields = ("name", "unit__code")
    fields = ("unit", "name", "parent", "depth", "valid", "boundary")
    readonly_fields = ("unit", "name", "parent", "depth", "valid")

    def get_queryset(self, request: HttpRequest) -> QuerySet[UnitVersion]:
        """Leave the boundary for the tiles in the database."""
        versions: QuerySet[UnitVersion] = super().get_queryset(request)
        return versions.defer("boundary_3857")


@admin.register(Post)
class PostAdmin(ModelAdmin):
    """Posts are given here and ended by their term; what was is not rewritten."""

    list_display = ("unit", "kind", "is_deputy", "holder", "term")
    list_filter = ("kind", "is_deputy")
    list_select_related = ("unit", "holder")
    search_fields = ("unit__code", "unit__versions__name", "holder__username")
    autocomplete_fields = ("unit", "holder")

    def get_readonly_fields(self, _request: HttpRequest, obj: Post | None = None) -> tuple[str, ...]:
        """Keep all but the term and the telephone of an existing post as they are."""
        return ("unit", "kind", "is_deputy", "holder") if obj else ()

    def has_delete_permission(self, _request: HttpRequest, _obj: Post | None = None) -> bool:
        """Refuse: the history of posts stays."""
        return False


@admin.register(Facility)
class FacilityAdmin(LeafletGeoAdmin):
    """Places, drawn on the map."""

    list_display = ("name", "kind")
    list_filter = ("kind",)
    search_fields = ("name",)

    def save_model(
        self,
        request: HttpRequest,
        obj: Facility,
        form: ModelForm[Facility],
        change: bool,  # noqa: FBT001 - Django's signature
    ) -> None:
        """Store the place on the storage lattice."""
        obj.geometry = to_stored(to_storage(from_stored(obj.geometry)))
        super().save_model(request, obj, form, change)
        bump_map_version(layer="base")


@admin.register(MapFeature)
class MapFeatureAdmin(LookAtMap):
    """What the base map is drawn from; it comes from imports."""

    list_display = ("name", "kind", "width_m")
    list_filter = ("kind",)
    search_fields = ("name",)
    fields = ("kind", "name", "width_m", "geometry")
    readonly_fields = ("kind", "name", "width_m")


@admin.register(UnitNorm)
class UnitNormAdmin(ModelAdmin):
    """How many households a unit should have, everywhere or in a district."""

    list_display = ("level", "scope", "households", "tolerance", "is_compound", "basis")
    list_filter = ("level",)
    autocomplete_fields = ("scope",)
