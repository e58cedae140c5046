"""Judge what is stored."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from gis_grids.management.arguments import level_named, moment
from gis_grids.management.problem_list import as_json, error_lines, remark_lines
from gis_grids.selectors import stored_tiling

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    """The gates on the units in force: the same list as at an import, and exit code 1 if there are errors."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare which units to look at, and when."""
        parser.description = _(
            "Check that the stored units tile: the children of each parent fill it exactly, and units "
            "without parent leave no gap and no overlap. Exits with 1 when something is wrong."
        )
        parser.add_argument("--level", type=level_named, default=None, help=_("only units of this level"))
        parser.add_argument("--parent", default=None, help=_("only the children of the unit with this code"))
        parser.add_argument("--at", type=moment, default=None, help=_("date; default: now"))
        parser.add_argument("--allow-parts", action="store_true", help=_("allow grids of several parts"))
        parser.add_argument("--json", action="store_true", help=_("print JSON"))

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ANN401, ARG002
        """Print the findings."""
        found = stored_tiling(
            level=options["level"],
            parent_code=options["parent"],
            when=options["at"],
            allow_parts=options["allow_parts"],
        )
        if not found.units:
            raise CommandError(_("There are no such units."))
        errors = sum(problem.is_error for problem in found.problems)
        if options["json"]:
            report = {"units": found.units, "groups": found.groups, "problems": as_json(found.problems)}
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=2))
        else:
            for line in remark_lines(found.problems, all_of_them=options["verbosity"] > 1):
                self.stdout.write(line)
            for line in error_lines(found.problems):
                self.stdout.write(line)
            text = _("%(units)s units in %(groups)s groups of siblings: %(errors)s errors.")
            details = {"units": found.units, "groups": found.groups, "errors": errors}
            self.stdout.write(text % details)
        if errors:
            raise CommandError(_("The units do not tile: %(n)s errors.") % {"n": errors})
