"""What is asked of who imports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gis_grids.geometry.coordinates import zone_for
from gis_grids.selectors import current_versions
from gis_grids.sheets import LARGE
from households.models import ImportRun
from households.permissions import named_roots
from households.services.imports.kinds import KINDS
from households.services.imports.systems import SWAPPED
from mapui.office.imports.shown import heading

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.core.files.uploadedfile import UploadedFile

    from gis_grids.permissions import Scope

MOST_MB: Final = LARGE.data // 1024 // 1024
_OTHER: Final = "other"


class BeginForm(forms.Form):
    """A file, what it holds, and the unit whose office imports it."""

    kind = forms.ChoiceField(label=_("What the file holds"))
    unit = forms.TypedChoiceField(label=_("For the office of"), coerce=int)
    file = forms.FileField(
        label=_("File"),
        max_length=200,
        allow_empty_file=True,  # the service says what is wrong with it
        widget=forms.FileInput(
            attrs={"accept": ".xlsx,.xlsm,.xls,.et,.csv,.txt,.geojson,.json,.gpkg,.zip,.kml"}
        ),
    )

    def __init__(self, scope: Scope, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's
        super().__init__(*args, **kwargs)
        labels = dict(ImportRun.Kind.choices)
        roots = current_versions().filter(unit__in=named_roots(scope)).order_by("depth", "name")
        self.fields["kind"].choices = [(key, labels[key]) for key in KINDS]  # type: ignore[attr-defined]
        self.fields["unit"].choices = list(roots.values_list("unit", "name"))  # type: ignore[attr-defined]

    def clean_file(self) -> UploadedFile:
        """Refuse what is bigger than anything that is read."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > LARGE.data:
            raise ValidationError(
                _("A file can have at most %(most)s MB. Divide it into several."), params={"most": MOST_MB}
            )
        return file


class ColumnsForm(forms.Form):
    """What each column of the file holds, and in which coordinate system places are."""

    def __init__(self, run: ImportRun, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's
        super().__init__(*args, **kwargs)
        kind = KINDS[run.kind]
        choices = [("", _("– not wanted –")), *((column.key, column.label) for column in kind.columns)]
        held = {place: key for key, place in run.places.items()}
        for place, name in enumerate(run.layout["headings"]):
            self.fields[f"column-{place}"] = forms.ChoiceField(
                label=heading(name), choices=choices, required=False, initial=held.get(place, "")
            )
        self.asks_system = kind.has_coordinates
        if self.asks_system:
            self._add_system(run)

    def _add_system(self, run: ImportRun) -> None:
        chosen = run.crs or (run.error or {}).get("best", "")
        bare = chosen.removesuffix(SWAPPED)
        systems = dict(_systems(run))
        self.fields["crs"] = forms.ChoiceField(
            label=_("Coordinate system"),
            choices=[*systems.items(), (_OTHER, _("another one:"))],
            required=False,
            initial=bare if bare in systems else _OTHER,
        )
        self.fields["crs_other"] = forms.CharField(
            label=_("EPSG number"),
            max_length=30,
            required=False,
            initial="" if bare in systems else bare,
            widget=forms.TextInput(attrs={"placeholder": "EPSG:4549"}),
        )
        self.fields["swapped"] = forms.BooleanField(
            label=_("Latitude (or northing) stands in the column of the longitude"),
            required=False,
            initial=chosen.endswith(SWAPPED),
        )

    @property
    def columns(self) -> list[forms.BoundField]:
        """The fields of the columns, in the file's order."""
        return [self[name] for name in self.fields if name.startswith("column-")]

    @property
    def keys(self) -> dict[int, str]:
        """What was said: by the columns' places the keys of what they hold."""
        said: Mapping[str, str] = self.cleaned_data
        return {int(name[7:]): key for name, key in said.items() if name.startswith("column-")}

    @property
    def system(self) -> str:
        """The coordinate system that was said; "" to have it recognised."""
        said = self.cleaned_data
        name = said.get("crs", "")
        if name == _OTHER:
            name = said["crs_other"].strip()
            name = f"EPSG:{name}" if name.isdecimal() else name
        return f"{name}{SWAPPED}" if name and said.get("swapped") else name


def _systems(run: ImportRun) -> list[tuple[str, Any]]:
    boundary = current_versions().filter(unit=run.unit_id).values_list("boundary", flat=True).get()
    zone = f"EPSG:{zone_for(*boundary.centroid.coords)}"
    return [
        ("", _("recognise it")),
        ("EPSG:4326", _("WGS 84 or CGCS2000, degrees")),
        ("gcj02", _("GCJ-02 (AMap, Tencent)")),
        ("bd09", _("BD-09 (Baidu)")),
        (zone, _("metres of this place (%(zone)s)") % {"zone": zone}),
    ]


class ConfirmForm(forms.Form):
    """How a checked file is to be taken in."""

    with_changes = forms.BooleanField(label=_("Take over the proposed changes"), required=False, initial=True)
    others = forms.ChoiceField(
        label=pgettext_lazy("import", "Rows whose dwelling has somebody else's household"),
        choices=ImportRun.Others.choices,
        initial=ImportRun.Others.LEAVE,
        required=False,
    )

    def clean_others(self) -> str:
        """Return what was said, or else what is safe."""
        return self.cleaned_data["others"] or ImportRun.Others.LEAVE
