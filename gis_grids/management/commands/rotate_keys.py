"""``manage.py rotate_keys``: seal everything with the new first key, so that the old one can go."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from gis_grids.errors import LingeError
from gis_grids.services.sealed_columns import rotate_keys


class Command(BaseCommand):
    """Put the new key first in LINGE_DATA_KEYS and restart; then this; then take the old key away."""

    help = (
        "Seal all personal data anew with the first key of LINGE_DATA_KEYS. It can be stopped with Ctrl-C "
        "and called again, while people work; afterwards the other keys can be taken from the settings."
    )

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ANN401, ARG002
        """Go through all columns, a line for each batch."""
        try:
            changed = rotate_keys(watch=self._say)
        except KeyboardInterrupt:
            raise CommandError(_("Stopped. What was done stays; call it again to go on.")) from None
        except LingeError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(_("%(n)s values sealed anew. The first key now opens everything.") % {"n": changed})

    def _say(self, column: str, done: int, total: int) -> None:
        self.stderr.write(f"{column}: {done}/{total}")
