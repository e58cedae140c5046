"""``manage.py load_matters``: the first catalogue of matters."""

from __future__ import annotations

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from incidents.services import load_matters


class Command(BaseCommand):
    """Load the first catalogue; what is there already stays as it is."""

    help = "Load the first catalogue of matters. What is there already stays as it is."

    def handle(self, **_options: object) -> None:
        """Load, and say how many are new."""
        self.stdout.write(_("%(count)s matters added.") % {"count": load_matters()})
