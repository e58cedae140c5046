"""``manage.py move_on``: what the system does when a case stays too long in a state; for a timer."""

from __future__ import annotations

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from incidents.services import move_on


class Command(BaseCommand):
    """Move on the cases whose time for an answer, or with another department, is over."""

    help = "Move on the cases whose time for an answer, or with another department, is over."

    def handle(self, **_options: object) -> None:
        """Move on, and say how many."""
        self.stdout.write(_("%(count)s cases moved on.") % {"count": len(move_on())})
