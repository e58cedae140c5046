"""``manage.py import_catalogue``: a workbook or CSV file of matters becomes the catalogue's next versions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from gis_grids.errors import LingeError
from incidents.services.catalogue_files import CatalogueImport, import_catalogue

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    """All rows of the file or none; everything that is wrong with them is listed."""

    help = "Import matters from an Excel workbook or a CSV file: all rows or, with a list of faults, none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the file, and in whose name it's imported."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--as", dest="username", required=True, help=_("who makes the new versions"))
        parser.add_argument("--dry-run", action="store_true", help=_("check everything, write nothing"))

    def handle(self, *, file: Path, username: str, dry_run: bool, **_options: Any) -> None:  # noqa: ANN401
        """Import, and say what was done; exit with 1 and nothing written when something is wrong."""
        users = get_user_model()
        try:
            actor = users.objects.get_by_natural_key(username)
            done = import_catalogue(actor=actor, data=file.read_bytes(), name=file.name, is_dry_run=dry_run)
        except users.DoesNotExist as error:
            raise CommandError(_("There is no user “%(name)s”.") % {"name": username}) from error
        except (LingeError, OSError) as error:
            raise CommandError(str(error)) from error
        self._say(done, is_dry_run=dry_run)

    def _say(self, done: CatalogueImport, *, is_dry_run: bool) -> None:
        for note in done.notes:
            self.stdout.write(note)
        for finding in done.findings:
            place = {"row": finding.row, "column": finding.column, "sentence": finding.sentence}
            self.stderr.write(_("Row %(row)s, %(column)s: %(sentence)s") % place)
        if done.findings:
            raise CommandError(_("Nothing was imported. Mend these rows, and import the file again."))
        new = sum(row.is_new for row in done.rows)
        counts = {"new": new, "changed": sum(bool(row.changed) for row in done.rows), "all": len(done.rows)}
        self.stdout.write(_("%(all)s rows: %(new)s new matters, %(changed)s changed.") % counts)
        if is_dry_run:
            self.stdout.write(_("This was a dry run: nothing was written."))
