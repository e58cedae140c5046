"""Make buildings out of a file of footprints."""

from __future__ import annotations

from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from rich.progress import track

from gis_grids.errors import LingeError, describe
from gis_grids.management.arguments import INTERRUPTED
from gis_grids.vectorfiles import read_features
from households.services import BuildingFields, ImportOptions, import_buildings

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Iterable, Sequence

    from gis_grids.vectorfiles import Feature, FeatureFile
    from households.services import BuildingsImported, Remark

_MOST_LINES = 50


def _positive(text: str) -> float:
    number = float(text)
    if not 0 < number < float("inf"):
        raise ValueError
    return number


class Command(BaseCommand):
    """One bad footprint doesn't lose the file: it is listed, and the rest is stored."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the file, its fields and what to reckon."""
        parser.description = _(
            "Import buildings from a GeoJSON, GeoPackage or Shapefile. Footprints that can't be mended are "
            "listed with their reason; all others are stored. Importing the file again doubles nothing."
        )
        parser.add_argument("file", type=Path)
        parser.add_argument("--name-field", help=_("field that holds the name"))
        parser.add_argument("--address-field", help=_("field that holds the address"))
        parser.add_argument(
            "--number-field", help=_("field that holds the house number, if the address is the street alone")
        )
        parser.add_argument(
            "--code-field", help=_("field that holds the code; without it the code comes from the place")
        )
        parser.add_argument("--floors-field", help=_("field that holds the number of floors"))
        parser.add_argument("--height-field", help=_("field that holds the height in metres"))
        parser.add_argument(
            "--floor-height",
            type=_positive,
            default=3.0,
            help=_("metres per floor, to reckon floors"),
        )
        parser.add_argument("--use-field", help=_("field that says what the building is used for"))
        parser.add_argument(
            "--estimate-dwellings",
            action="store_true",
            help=_("reckon dwellings by area and floors, marked as estimated"),
        )
        parser.add_argument(
            "--m2-per-dwelling",
            type=_positive,
            default=90.0,
            help=_("for the estimate: gross m² per dwelling"),
        )
        parser.add_argument("--crs", help=_("EPSG:n, gcj02 or bd09, if not the file's own"))
        parser.add_argument("--layer", help=_("layer, if the file has several"))
        parser.add_argument("--encoding", help=_("of the texts, if it can't be told: gbk"))
        parser.add_argument("--dry-run", action="store_true", help=_("check everything, write nothing"))

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ANN401, ARG002
        """Read, sort, store; exit with 1 and nothing written when the file as a whole can't be used."""
        started = monotonic()
        try:
            file = self._read(options)
            result = import_buildings(
                file=file, fields=_fields(options), options=_options(options), track=self._track
            )
        except LingeError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            raise CommandError(_("Interrupted: nothing was written."), returncode=INTERRUPTED) from None
        self._list(result, verbosity=options["verbosity"])
        self._summary(file, result, dry_run=options["dry_run"], seconds=monotonic() - started)

    def _read(self, options: dict[str, Any]) -> FeatureFile:
        file = read_features(
            options["file"],
            crs=options["crs"],
            layer=options["layer"],
            encoding=options["encoding"],
            polygons_only=True,
            close_rings=True,
        )
        details = {"file": options["file"].name, "driver": file.driver, "crs": file.crs}
        details |= {"encoding": file.encoding, "n": str(len(file.features) + len(file.faults))}
        text = _("%(file)s: %(driver)s, %(crs)s, %(encoding)s, %(n)s features. Checking them …")
        self.stdout.write(text % details)
        for note in file.notes:
            self.stdout.write(f"  {describe(note)}")
        return file

    def _track(self, features: Sequence[Feature]) -> Iterable[Feature]:
        hidden = not self.stdout.isatty()
        return track(features, description=_("Footprints"), disable=hidden, transient=True)

    def _list(self, result: BuildingsImported, *, verbosity: int) -> None:
        groups = (
            (_("Refused:"), result.refused, None),
            (_("Duplicates:"), result.duplicates, _MOST_LINES),
            (_("Repaired:"), result.repaired, _MOST_LINES),
            (_("Left out:"), result.remarks, _MOST_LINES),
        )
        for title, remarks, most in groups:
            if remarks:
                self.stdout.write(title)
                self._lines(remarks, len(remarks) if most is None or verbosity > 1 else most)

    def _lines(self, remarks: list[Remark], most: int) -> None:
        for remark in remarks[:most]:
            line = _("  Feature %(number)s: %(text)s") % {"number": remark.feature, "text": remark}
            self.stdout.write(line)
        if len(remarks) > most:
            text = _("  … and %(n)s more (all of them with --verbosity 2).")
            self.stdout.write(text % {"n": len(remarks) - most})

    def _summary(
        self, file: FeatureFile, result: BuildingsImported, *, dry_run: bool, seconds: float
    ) -> None:
        total = len(file.features) + len(file.faults)
        text = ngettext(
            "Imported: %(n)s building of %(total)s in %(seconds)s s.",
            "Imported: %(n)s buildings of %(total)s in %(seconds)s s.",
            len(result.new),
        )
        if dry_run:
            text = _("Dry run: %(n)s buildings of %(total)s can be imported. Nothing was written.")
        details = {"n": len(result.new), "total": total, "seconds": f"{seconds:.1f}"}
        self.stdout.write(self.style.SUCCESS(text % details))
        counts = {
            _("refused"): len(result.refused),
            _("duplicates"): len(result.duplicates),
            _("already stored"): result.already_stored,
            _("repaired"): len({remark.feature for remark in result.repaired}),
            _("without floors"): result.without_floors,
            _("without a use, taken as residential"): result.without_use,
            _("dwellings estimated"): result.dwellings,
        }
        self.stdout.write("; ".join(f"{name}: {count:,}" for name, count in counts.items()))


def _fields(options: dict[str, Any]) -> BuildingFields:
    keys = ("code", "name", "address", "number", "floors", "height", "use")
    return BuildingFields(**{key: options[f"{key}_field"] for key in keys})


def _options(options: dict[str, Any]) -> ImportOptions:
    return ImportOptions(
        floor_height_m=options["floor_height"],
        estimate_dwellings=options["estimate_dwellings"],
        m2_per_dwelling=options["m2_per_dwelling"],
        dry_run=options["dry_run"],
    )
