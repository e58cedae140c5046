"""``manage.py warm_tiles``: make the tiles of the current versions before anybody asks for them."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from gis_grids.selectors import extent, map_version
from mapui.tiles.archive import tile_range
from mapui.tiles.layers import MAX_ZOOM, MIN_ZOOM, Address, Layer, levels_of
from mapui.tiles.making import made
from mapui.tiles.store import Writer

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from gis_grids.selectors.maps import Extent


class Command(BaseCommand):
    """Make tiles, with a bar; when it is stopped what was made stays, and the next call goes on there."""

    help = "Make the map's tiles beforehand. Stopped with Ctrl-C and called again, it goes on from there."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add ``--layer`` and ``--max-zoom``."""
        parser.add_argument(
            "--layer", action="append", choices=[*Layer], help="Only this layer; may be given several times."
        )
        parser.add_argument(
            "--max-zoom", type=int, default=MAX_ZOOM, help=f"The deepest zoom, {MIN_ZOOM} to {MAX_ZOOM}."
        )

    def handle(self, *args: Any, layer: list[str] | None, max_zoom: int, **options: Any) -> None:  # noqa: ANN401, ARG002
        """Make what isn't there yet."""
        box = extent()
        if box is None:
            raise CommandError(_("There are no units yet. Import them first."))
        if not MIN_ZOOM <= max_zoom <= MAX_ZOOM:
            message = _("The deepest zoom must be from %(min)d to %(max)d.")
            raise CommandError(message % {"min": MIN_ZOOM, "max": MAX_ZOOM})
        columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
        try:
            with Progress(*columns, console=Console(stderr=True)) as progress:
                for name in layer or [*Layer]:
                    for level in levels_of(name):
                        _warm(name, level, _places(box, max_zoom), progress)
        except KeyboardInterrupt:
            raise CommandError(_("Stopped. What was made is kept; call it again to go on.")) from None
        self.stdout.write(_("The tiles are made."))


def _places(box: Extent, max_zoom: int) -> list[tuple[int, int, int]]:
    """Return zoom, column and row of all tiles of a box, from far to near."""
    ranges = [(zoom, *tile_range(box, zoom)) for zoom in range(MIN_ZOOM, max_zoom + 1)]
    return [(zoom, x, y) for zoom, xs, ys in ranges for x in xs for y in ys]


def _warm(layer: str, level: str, places: list[tuple[int, int, int]], progress: Progress) -> None:
    version = map_version(layer)
    addresses = [Address(layer, version, *place, level=level) for place in places]
    shown = [address for address in addresses if address.is_shown]
    name = addresses[0].set_name
    bar = progress.add_task(name, total=len(shown))
    with closing(Writer(name, version)) as writer:
        for address in shown:
            if not writer.has(address):
                writer.put(address, made(address))
            progress.advance(bar)
