"""``manage.py export_catalogue``: the catalogue of matters as a workbook."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from incidents.services.catalogue_files import export_catalogue

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    """Write the matters that can be reported now into a workbook, which `import_catalogue` takes again."""

    help = "Write the catalogue of matters into an Excel workbook."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the file."""
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **_options: Any) -> None:  # noqa: ANN401 - Django's options
        """Write it."""
        try:
            export_catalogue(file)
        except OSError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(_("The catalogue is in %(file)s.") % {"file": file})
