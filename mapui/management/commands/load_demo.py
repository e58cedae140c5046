"""``manage.py load_demo``: the demo district of issue 2."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from fixtures.cast import PASSWORD
from fixtures.city import CITY
from fixtures.city.load import load_city
from fixtures.load import Summary, clear_demo, load_demo

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from rich.progress import TaskID


class _Bars:
    """One bar for each step of the load."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, step: str, done: int, total: int) -> None:
        if step not in self._tasks:
            self._tasks[step] = self._progress.add_task(step, total=total)
        self._progress.update(self._tasks[step], completed=done)


class Command(BaseCommand):
    """Load the generated demo district, once."""

    help = "Load the generated demo district: invented units, buildings, households, posts and incidents."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add ``--scale`` and ``--reset``."""
        parser.add_argument(
            "--scale",
            choices=["district", "city"],
            default="district",
            help="The district (default), or a city of a million households: some minutes, and 3 GB of disk.",
        )
        parser.add_argument(
            "--reset",
            action="store_true",
            help="Delete everything in the database but your own users first. In the demo mode only.",
        )

    def handle(self, *args: Any, scale: str, reset: bool, **options: Any) -> None:  # noqa: ANN401, ARG002
        """Load, or say that it is there."""
        is_demo = settings.LINGE_MODE == "demo"
        if reset and not is_demo:
            raise CommandError(_("--reset deletes data and works in the demo mode only (LINGE_MODE=demo)."))
        columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
        with Progress(*columns, console=Console(stderr=True)) as progress, transaction.atomic():
            if reset:
                clear_demo()
            if scale == "city":
                summary = load_city(
                    extent=CITY, now=timezone.now(), with_logins=is_demo, watch=_Bars(progress)
                )
            else:
                summary = load_demo(now=timezone.now(), with_logins=is_demo, watch=_Bars(progress))
        self.stdout.write(_told(summary))


def _told(summary: Summary | None) -> str:
    if summary is None:
        return _("The demo district is loaded already; nothing was changed.")
    counts = {
        "units": summary.units,
        "buildings": summary.buildings,
        "households": summary.households,
        "incidents": summary.incidents,
    }
    text = _(
        "Loaded the demo district (all invented): %(units)d units, %(buildings)d buildings, "
        "%(households)d households, %(incidents)d incidents."
    )
    lines = [text % counts]
    if summary.logins:
        names = ", ".join(summary.logins)
        lines.append(
            _("Log in as %(names)s; password %(password)s.") % {"names": names, "password": PASSWORD}
        )
    return "\n".join(lines)
