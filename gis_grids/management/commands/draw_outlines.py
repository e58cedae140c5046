"""Draw anew what maps show far out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gis_grids.models import UnitOutline
from gis_grids.services import bump_map_version, draw_outlines

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    """The outlines of the units in force, for a database that has none or those of other zooms."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what it is for; there is nothing to choose."""
        parser.description = _(
            "Draw the outlines of all units anew: after an upgrade that says so. Maps draw the exact "
            "boundaries where there are none, which takes longer."
        )

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ANN401, ARG002
        """Draw, and have maps ask for the new tiles."""
        UnitOutline.objects.all().delete()
        draw_outlines(unit_ids=None, when=timezone.now())
        bump_map_version(layer="units")
        self.stdout.write(_("%(count)d outlines are drawn.") % {"count": UnitOutline.objects.count()})
