"""``manage.py report_code``: the QR code by which residents report from a unit's notice board."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils.translation import gettext as _

from gis_grids.models import Unit
from mapui.pages.public import qr_code

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    """Write the code as SVG, for who prints notice boards himself."""

    help = "Write a unit's QR code for residents' reports as SVG, to standard output."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the unit and the site."""
        parser.add_argument("unit", help="the unit's code")
        parser.add_argument("site", help="where the site is reached, for example https://linge.example")

    def handle(self, *, unit: str, site: str, **_options: object) -> None:
        """Write the drawing."""
        if not Unit.objects.filter(code=unit).exists():
            raise CommandError(_("There is no unit with the code %(code)s.") % {"code": unit[:40]})
        if not site.startswith(("https://", "http://")):
            raise CommandError(_("Give the site with https://, as it is reached from a telephone."))
        self.stdout.write(qr_code(site.rstrip("/") + reverse("report_unit", args=[unit])))
