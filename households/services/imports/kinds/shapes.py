"""The shapes of a map file's features, as the last column of its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from django.utils.translation import pgettext_lazy

from households.services.imports.files import GEOMETRY
from households.services.imports.rows import Column

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from gis_grids.sheets import Value


def _shape(cell: Value) -> Any:  # noqa: ANN401 - a shape is no value of a table
    return cell


GEOMETRY_COLUMN: Final = Column(
    key="geometry",
    label=pgettext_lazy("column", "Shape"),
    headings=(GEOMETRY,),
    read=_shape,
    is_required=True,
)


def point_of(shape: BaseGeometry) -> tuple[float, float]:
    """Return the point that stands for a shape (lon/lat): itself, or one inside of it."""
    point = cast("Any", shape if shape.geom_type == "Point" else shape.representative_point())
    return point.x, point.y
