"""The sentences of the modules that must not know Django: geometry, drafts, sheets and vector files.

Each is a translated template with named placeholders; `gis_grids.errors` fills and raises them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.utils.functional import _StrPromise

#: So many of several units are named in a sentence.
_NAMED: Final = 4


def quoted(name: str) -> str:
    """Return a name in the quotation marks of the language now active."""
    return gettext("“%(name)s”") % {"name": name}


def listed(words: Iterable[str]) -> str:
    """Return words one after the other, as the language now active puts them in a row."""
    return pgettext("between things in a row", ", ").join(words)


def filled(sentence: _StrPromise | str, details: Mapping[str, object]) -> str:
    """Return a sentence with its details; ``units``, the names of several, are quoted and put in a row."""
    units = cast("tuple[str, ...]", details.get("units", ()))
    row = [*map(quoted, units[:_NAMED]), *(["…"] if len(units) > _NAMED else [])]
    return str(sentence) % {**details, "units": listed(row)}


#: Why an operation of a plan was refused, by the code of `CannotDrawError`.
DRAWING: dict[str, _StrPromise] = {
    "E01": _("That would leave ground in no grid. Draw it so that every piece belongs to a grid."),
    "E02": _("That would reach into %(b)s. A border moves only between the grids on its two sides."),
    "E03": _("That would reach beyond the border of the plan's scope, which is changed one level up."),
    "E04": _("%(a)s would fall into %(parts)s parts that don't hang together. Give the rest to a neighbour."),
    "E05": _("The line or border would cross itself there. Move the point, and draw it again."),
    "E06": _("The borders of %(a)s and its neighbour would no longer agree. Align the borders first."),
    "E11": _("The border isn't as you saw it any more. Look at the map, and draw again."),
    "E12": _(
        "The line doesn't cut %(a)s in two: draw it from outside of the border to outside of the border."
    ),
    "locked": _("The outer border of the plan's scope is fixed here: it is changed in a plan one level up."),
    "zone_locked": _("%(a)s is locked. Unlock it first."),
    "apart": _("%(a)s and %(b)s have no border in common."),
    "nothing": _("There is nothing to give in that piece. Draw it over the ground that is to change hands."),
    "all": _("That is all of %(a)s. Merge the two instead."),
    "same": _("That changes nothing."),
    "level": _("That doesn't fit the levels: choose grids of one level, and a parent of the level above."),
    "unknown": _("The grid is not there any more. Look at the map, and try again."),
    "undivided": _("%(a)s has no grids below it. Divide it first."),
    "no_name": _("A grid needs a name."),
    "bad_code": _("That can't be a code: use at most 32 digits, plain letters, hyphens and underscores."),
}


SENTENCES: dict[str, _StrPromise] = {
    # The gates of a tiling (planner.md 4.4).
    "E01": _(
        "%(area)s m² belong to no unit (at %(lon)s, %(lat)s, next to %(units)s). "
        "Give the area to a neighbouring unit."
    ),
    "E02": _(
        "“%(a)s” and “%(b)s” overlap by %(area)s m² (at %(lon)s, %(lat)s). "
        "The same ground can belong to one unit only."
    ),
    "E03": _(
        "“%(a)s” reaches %(area)s m² beyond the border of “%(parent)s” (at %(lon)s, %(lat)s). "
        "The border of “%(parent)s” must be changed one level up."
    ),
    "E04": _(
        "“%(a)s” consists of %(n)s separate parts, the smallest of %(area)s m² (at %(lon)s, %(lat)s). "
        "Give it to a neighbouring unit."
    ),
    "E05": _(
        "The border of “%(a)s” is broken or crosses itself at %(lon)s, %(lat)s (%(reason)s). "
        "Move the vertex there."
    ),
    "E06": _(
        "The common border of “%(a)s” and “%(b)s” is not aligned: %(n)s vertices of one are not in "
        "the other (at most %(metres)s m apart, at %(lon)s, %(lat)s). Align the two borders."
    ),
    # Areas that are drawn on the map.
    "area.too_few_points": _("An area needs three corners at least."),
    "area.too_many_points": _("The area has more than %(limit)s corners. Draw it more simply."),
    "area.crosses_itself": _("The outline of the area crosses itself. Draw it again, without crossing."),
    "area.too_small": _("The area is smaller than a square metre. Draw it larger."),
    "area.elsewhere": _("Nothing of the area lies in your grids. Draw it where your grids are."),
    # Plans (planner.md 4.4).
    "plan.E01": _(
        "In “%(scope)s” %(area)s m² belong to no grid (red on the map; places: %(n)s, the largest of "
        "%(largest)s m²). Give them to a neighbouring grid."
    ),
    "plan.E02": _("“%(a)s” and “%(b)s” overlap by %(area)s m². The same ground can belong to one grid only."),
    "plan.E03": _(
        "“%(a)s” reaches %(area)s m² beyond the border of “%(scope)s”. That border must be changed in a plan "
        "one level up."
    ),
    "plan.E04": _(
        "“%(a)s” is divided into %(n)s areas that don't hang together; the smallest has %(h)s households. "
        "Give it to a neighbouring grid."
    ),
    "plan.E05": _("The border of “%(a)s” crosses itself at %(lon)s, %(lat)s. Move the vertex there."),
    "plan.E06": _(
        "The common border of “%(a)s” and “%(b)s” is not aligned (at most %(metres)s m apart). “Align "
        "borders” mends it, and moves %(area)s m²."
    ),
    "plan.E10": _(
        "The boundaries changed on %(changed)s (version %(v)s); this plan is based on version %(b)s, of "
        "%(base)s. Bring it up to the latest boundaries before you submit it."
    ),
    "plan.W25": _("“%(a)s” has no grid worker."),
    "plan.W25.many": _("%(who)s is responsible for %(n)s grids with %(h)s households."),
    "plan.I30": _("“%(a)s” is long and narrow (compactness %(pp)s)."),
    "plan.E07": _("Households that belong to no grid: %(n)s (see the list)."),
    "plan.E07.twice": _("Households that belong to two grids at once: %(n)s (see the list)."),
    "plan.E08": _(
        "A border runs through “%(building)s” (%(households)s households), which is in “%(a)s” and “%(b)s”. "
        "Move the border around the building, or assign its households by entrance."
    ),
    "plan.E09": _(
        "“%(a)s” has no households. A grid without households must say what it is for (business, green …)."
    ),
    "plan.W20.higher": _(
        "“%(a)s” has %(households)s households, more than the norm of %(norm)s ±%(tolerance)s%% "
        "(%(least)s–%(most)s). Basis: %(basis)s."
    ),
    "plan.W20.lower": _(
        "“%(a)s” has %(households)s households, fewer than the norm of %(norm)s ±%(tolerance)s%% "
        "(%(least)s–%(most)s). Basis: %(basis)s."
    ),
    "plan.W21": _(
        "“%(a)s” has %(households)s households; the norm is about %(norm)s. Closed compounds and separate "
        "areas may be units of their own."
    ),
    "plan.W22": _("Residential buildings in “%(a)s”: %(n)s; the norm is 2–3."),
    "plan.W23": _("The closed compound “%(compound)s” is divided among %(n)s grids."),
    "plan.W24": _(
        "“%(a)s” reaches across “%(barrier)s”; on the side cut off there are %(households)s households."
    ),
    "plan.W24.arterial": _(
        "“%(a)s” reaches across a main road; on the side cut off there are %(households)s households."
    ),
    "plan.W24.railway": _(
        "“%(a)s” reaches across a railway; on the side cut off there are %(households)s households."
    ),
    "plan.W24.water": _(
        "“%(a)s” reaches across water; on the side cut off there are %(households)s households."
    ),
    "plan.W26": _("“%(a)s” has no party hub household (its %(n)s go to “%(b)s”)."),
    "plan.W26.none": _("“%(a)s” has no party hub household."),
    "plan.W27": _(
        "Households without a position: %(n)s. By their building they go to “%(a)s” for now; please check."
    ),
    # Repairs of somebody else's plan: what they do.
    "repair.snapped": _(
        "The border of %(units)s is laid exactly on the stored border: %(area)s m² change hands (places: "
        "%(n)s, the largest at %(lon)s, %(lat)s)."
    ),
    "repair.aligned": _(
        "The borders of %(units)s are laid on each other: %(area)s m² change hands (places: %(n)s, the "
        "largest at %(lon)s, %(lat)s)."
    ),
    "repair.gap": _(
        "%(area)s m² that belong to no unit go to “%(a)s” (places: %(n)s, the largest at %(lon)s, %(lat)s)."
    ),
    "repair.overlap": _(
        "%(area)s m² that both “%(a)s” and “%(b)s” claim go to “%(a)s” (places: %(n)s, the largest at "
        "%(lon)s, %(lat)s)."
    ),
    "repair.outside": _(
        "%(area)s m² of “%(a)s” beyond the border of “%(parent)s” are cut off (places: %(n)s, the largest at "
        "%(lon)s, %(lat)s)."
    ),
    "repair.part": _(
        "%(area)s m² of “%(b)s” that are cut off from its main part go to “%(a)s” (places: %(n)s, the "
        "largest at %(lon)s, %(lat)s)."
    ),
    "repair.ring": _(
        "The border of “%(a)s”, which crosses itself at %(lon)s, %(lat)s, is made sound. Its area changes by "
        "%(area)s m²."
    ),
    "repair.vertices": _(
        "Vertices on the border of “%(a)s” (%(n)s, one at %(lon)s, %(lat)s) are put in or left out, so that "
        "it is the same on both sides. No ground changes hands."
    ),
    # Plans that no repair can save.
    "repair.empty": _("The plan holds no zones. Give a file with the zones as polygons."),
    "repair.key_twice": _(
        "“%(key)s” names more than one zone, so it can't be told which is meant (such keys: %(n)s). Give "
        "each zone a code or name of its own, or join those that are one zone."
    ),
    "repair.no_area": _("“%(a)s” has no area. Draw it, or delete it."),
    "repair.tangled": _(
        "The border of “%(a)s” crosses itself so often that it can't be told which ground is meant (first at "
        "%(lon)s, %(lat)s). Draw it again."
    ),
    "repair.other_crs": _(
        "The plan fits its place to %(percent)s %%, and to %(better)s %% if its coordinates are taken as "
        "%(crs)s. Give the file again, and choose %(crs)s as its coordinate system."
    ),
    "repair.displaced": _(
        "The plan as a whole lies about %(metres)s m beside its place (it fits to %(percent)s %%). Check "
        "the coordinate system of the file, and give it again."
    ),
    "repair.too_little": _(
        "The zones cover only %(percent)s %% of “%(parent)s”. Give a plan of the whole of it, or choose the "
        "unit of which it is a plan."
    ),
    "repair.elsewhere": _(
        "“%(a)s” lies wholly outside of “%(parent)s” (at %(lon)s, %(lat)s). Delete it from the file, or move "
        "it to its place."
    ),
    "repair.drawn_twice": _(
        "“%(a)s” and “%(b)s” are mostly the same ground: %(area)s m² (at %(lon)s, %(lat)s). Delete one of "
        "them, or cut it out of the other."
    ),
    "repair.unreachable": _(
        "%(area)s m² of “%(parent)s” belong to no zone and border on none (at %(lon)s, %(lat)s). Draw them "
        "as part of a zone."
    ),
    "repair.nothing_left": _(
        "Of “%(a)s” nothing is left once others have what they share with it (at %(lon)s, %(lat)s). Cut it "
        "out of the others, or delete it."
    ),
    "repair.failed": _(
        "The plan could not be repaired: %(found)s remains at %(lon)s, %(lat)s. Correct the borders there."
    ),
    # What a plan from a file means beyond its borders.
    "import.ending": _("Zones that the file doesn't hold, and that end by it: %(n)s (%(units)s)."),
    "import.beginning": _(
        "Zones that the plan doesn't know by code or name, and that are new: %(n)s (%(units)s)."
    ),
    "import.names_kept": _(
        "Zones that the file calls otherwise: %(n)s (“%(a)s” is “%(b)s” there). They keep their names, "
        "unless you take the file's names too."
    ),
    "import.codes_kept": _(
        "Zones known by their name that have another code in the file: %(n)s (“%(a)s”: %(b)s there). They "
        "keep their codes."
    ),
    "import.other_level": _(
        "“%(a)s” (%(code)s) is of another level here: %(level)s. Choose the level of the file's zones."
    ),
    # Positions.
    "point.not_a_number": _("The position has no usable %(axis)s: send a finite number of degrees."),
    "point.out_of_range": _(
        "%(lon)s, %(lat)s is not on Earth: the longitude must lie between -180 and 180, the latitude "
        "between -90 and 90 degrees."
    ),
    "point.swapped": _(
        "%(lon)s, %(lat)s fits only with longitude and latitude swapped. Send the longitude first."
    ),
    "point.far_away": _(
        "%(lon)s, %(lat)s is more than 100 km from the district. Set the position on the map."
    ),
    # Codes.
    "code.malformed": _("“%(code)s” is not a code of %(digits)s digits."),
    "code.wrong_place": _("“%(code)s” does not begin with the code of its parent, “%(parent)s”."),
    "code.exhausted": _(
        "Under “%(parent)s” there are no %(digits)s-digit numbers left for %(n)s more units: "
        "codes are never used again."
    ),
    # Footprints of buildings.
    "footprint.not_a_polygon": _("The footprint is not a polygon. Draw the outline of the building."),
    "footprint.not_finite": _("The footprint has coordinates that are not finite numbers. Draw it again."),
    "footprint.too_many_vertices": _(
        "The footprint has %(n)s vertices; at most %(most)s are taken. Simplify the outline."
    ),
    "footprint.no_area": _("The footprint has an area of %(area)s m²: no building is so small."),
    "footprint.broken": _(
        "The outline of the footprint crosses itself at %(lon)s, %(lat)s, and it can't be told which "
        "ground is meant. Draw it again."
    ),
    "footprint.flattened": _("Heights of the vertices were dropped."),
    "footprint.duplicates_removed": _("Vertices given twice were dropped: %(n)s."),
    "footprint.untangled": _(
        "The outline touched itself at %(lon)s, %(lat)s; it was divided there into %(n)s outlines, the area "
        "changed by %(area)s m²."
    ),
    # Vector files.
    "file.not_found": _("There is no file “%(file)s”."),
    "file.is_folder": _(
        "“%(file)s” is a folder. Give the .geojson, .gpkg, .shp or .kml file itself, or a zip of it."
    ),
    "file.part_missing": _(
        "A Shapefile is several files of one name, and the %(part)s file of “%(file)s” is missing. Put it "
        "beside the .shp file, or give a zip of them all."
    ),
    "file.empty": _("“%(file)s” is empty."),
    "file.too_big": _("“%(file)s” is bigger than %(most)s MB. Divide it into several files."),
    "file.unknown_format": _(
        "“%(file)s” is not a GeoJSON, GeoPackage, Shapefile or KML file. Give the .geojson, .gpkg, .shp "
        "or .kml file itself, or a zip of it."
    ),
    "file.unreadable": _(
        "“%(file)s” can't be read; it may be damaged or cut off. Choose it again, or have it exported anew. "
        "(%(reason)s)"
    ),
    "file.broken_json": _(
        "“%(file)s” is broken at line %(line)d, character %(column)d: that is no JSON. Export it again."
    ),
    "file.too_deep": _("“%(file)s” is nested too deeply to be a map."),
    "file.entities": _("“%(file)s” defines XML entities, which are not allowed. Save it again as plain KML."),
    "file.zip_contents": _(
        "The archive “%(file)s” must hold exactly one .shp, .geojson, .gpkg or .kml file; found: %(found)s."
    ),
    "file.no_features": _("“%(file)s” holds no features."),
    "file.no_crs": _(
        "“%(file)s” doesn't say its coordinate system (a Shapefile needs its .prj file). Say which it is, "
        "for instance EPSG:4549."
    ),
    "file.not_on_earth": _(
        "The coordinates of “%(file)s” don't fit %(crs)s: they lie outside of the Earth. Say the right "
        "coordinate system, and see that longitude comes before latitude."
    ),
    "file.several_layers": _("“%(file)s” has several layers: %(layers)s. Say which one is meant."),
    "file.no_such_layer": _("There is no layer “%(layer)s”. Choose one of: %(layers)s."),
    "file.encoding_unknown": _("The text in “%(file)s” is neither UTF-8 nor GBK. Save it again as UTF-8."),
    "file.encoding_not_known": _("“%(encoding)s” is no known encoding. Use for instance UTF-8 or GBK."),
    "file.encoding_guessed": _(
        "The file doesn't say its encoding rightly; its text was read as %(encoding)s."
    ),
    "file.outside_crs": _(
        "By %(crs)s the features lie around %(lon)s, %(lat)s, outside of the area for which that system is "
        "made. If that is not where they are, say the right coordinate system."
    ),
    "file.heights_dropped": _("Features whose heights (Z) were dropped: %(n)s."),
    "feature.ring_closed": _("Feature %(number)s (%(name)s): a ring was not closed, and has been closed."),
    "feature.ring_open": _("Feature %(number)s (%(name)s): a ring is not closed. Close it."),
    "feature.no_geometry": _(
        "Feature %(number)s (%(name)s) has no geometry. Draw it, or delete the feature."
    ),
    "feature.broken": _("Feature %(number)s (%(name)s): the geometry can't be read. Draw it again."),
    "feature.not_finite": _("Feature %(number)s (%(name)s) has coordinates that are not finite numbers."),
    "feature.not_a_polygon": _("Feature %(number)s (%(name)s) is a %(type)s; polygons are wanted."),
    "feature.not_on_earth": _(
        "Feature %(number)s (%(name)s) lies outside of the Earth. Check its coordinates."
    ),
    "feature.too_many_vertices": _(
        "Feature %(number)s (%(name)s) has %(n)s vertices; at most %(most)s are taken. Simplify it."
    ),
    # Workbooks and CSV files.
    "sheet.locked": _(
        "“%(file)s” can't be opened: it has a password, or is no workbook. Save it without a password as a "
        "plain Excel workbook (.xlsx), and give that."
    ),
    "sheet.web_page": _(
        "“%(file)s” is a web page under the name of a table. Open it in a spreadsheet, save it as an Excel "
        "workbook (.xlsx), and give that."
    ),
    "sheet.is_workbook": _("The file is called a text file but is a workbook, and was read as one."),
    "sheet.old_workbook": _(
        "The workbook is of the old kind (.xls), which keeps of formulas the results only: see that they are "
        "right."
    ),
    "sheet.macros": _("The workbook contains macros. They were neither read nor run; only its cells were."),
    "sheet.day_zero": _("The cell shows 1900-01-00, which is no day. Write the date, or empty the cell."),
    "sheet.no_table": _("“%(file)s” has no row of headings: no visible sheet has two texts in one row."),
    "sheet.broken": _(
        "“%(file)s” is broken or incomplete. Open it in a spreadsheet, save it anew, and give that."
    ),
    "sheet.unsafe": _(
        "“%(file)s” unpacks to more than is sensible, or is no plain workbook. Save it anew, or divide it."
    ),
    "sheet.too_many_rows": _("“%(file)s” has more than %(most)s rows. Divide it into several files."),
    "sheet.no_headings": _(
        "No sheet of “%(file)s” has a row of headings with: %(missing)s. Begin from a file that was exported "
        "here."
    ),
    "sheet.heading_twice": _("The heading “%(heading)s” is there twice. Delete one of the two columns."),
    "sheet.unknown_column": _("The column “%(heading)s” is not known, and was left out."),
    "sheet.encoding_guessed": _("The file is not UTF-8; its text was read as %(encoding)s."),
    "sheet.formula": _("The cell holds a formula. Write what it results in."),
    "sheet.error_value": _("The cell holds an error (%(value)s). Write what is meant."),
    # Coordinate systems.
    "crs.unknown": _(
        "“%(crs)s” is not a known coordinate system. Give EPSG:n (for instance EPSG:4549), gcj02 or bd09."
    ),
}
"""The sentence for each code of the modules that must not know Django: geometry and vector files."""
