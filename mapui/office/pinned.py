"""A place in a form: longitude and latitude as numbers, set by a click on the map where there are scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.contrib.gis.db.models import Extent
from django.utils.translation import gettext_lazy as _

from gis_grids.selectors import current_versions
from mapui.tiles import tile_sources

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from django.contrib.gis.geos import Point
    from django_stubs_ext import StrOrPromise

    LonLat = tuple[float, float]


#: What a place is called where there is only one.
_PLACE: Final = _("Place")


class PlaceWidget(forms.MultiWidget):
    """Longitude and latitude in degrees."""

    def __init__(self) -> None:
        number = {"step": "any", "inputmode": "decimal"}
        lon = forms.NumberInput(attrs={**number, **_called(_("Longitude")), "min": -180, "max": 180})
        lat = forms.NumberInput(attrs={**number, **_called(_("Latitude")), "min": -90, "max": 90})
        super().__init__({"lon": lon, "lat": lat})

    def decompress(self, value: LonLat | None) -> list[float | None]:
        """Return the two numbers."""
        return [round(each, 7) for each in value] if value else [None, None]


def _called(name: StrOrPromise) -> dict[str, StrOrPromise]:
    return {"aria-label": name, "placeholder": name}


class PlaceField(forms.MultiValueField):
    """A place (lon/lat, EPSG:4326); None where neither number is given."""

    def __init__(self, label: StrOrPromise = _PLACE, *, required: bool = True) -> None:
        numbers = (forms.FloatField(), forms.FloatField())
        super().__init__(numbers, widget=PlaceWidget(), label=label, required=required)

    def compress(self, data_list: Sequence[float]) -> LonLat | None:
        """Return the place."""
        return (data_list[0], data_list[1]) if data_list else None


def lonlat(place: Point | None) -> LonLat | None:
    """Return what a form begins with for a place that is known."""
    return (place.x, place.y) if place else None


def pin_data(roots: Collection[int]) -> dict[str, Any]:
    """Return what the page's script needs (`pages/pinned.js`): tiles, and the ground to begin with."""
    ground = current_versions().filter(unit__in=roots).order_by()
    return {"tiles": tile_sources(), "bounds": ground.aggregate(box=Extent("boundary"))["box"]}
