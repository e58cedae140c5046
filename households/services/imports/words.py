"""What an import has to say of a file, a row or a cell: what it is, why, and how to mend it.

Codes are stored, sentences are not; no detail of a sentence is personal. Those of identity numbers, tables
and map files come from where they are checked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext_lazy as _

from gis_grids.identity import SENTENCES as IDENTITY
from gis_grids.sentences import SENTENCES as GROUND
from gis_grids.sentences import filled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

WORDS: Final[dict[str, _StrPromise]] = {
    **GROUND,
    **IDENTITY,
    # Map files: what a command is told by an option, the page is told by a field, or by a better file.
    "file.several_layers": _(
        "“%(file)s” has several layers: %(layers)s. Save the one that is meant in a file of its own."
    ),
    "file.no_crs": _("“%(file)s” doesn't say its coordinate system. Choose it under the columns."),
    "file.not_on_earth": _(
        "The coordinates of “%(file)s” don't fit %(crs)s: they lie outside of the Earth. Choose the right "
        "system under the columns, and see whether latitude comes first."
    ),
    "file.outside_crs": _(
        "By %(crs)s the places lie around %(lon)s, %(lat)s, outside of the area for which that system "
        "is made."
    ),
    "point.far_away": _(
        "%(lon)s, %(lat)s is more than 100 km from the district. See whether the coordinates are right, and "
        "their system."
    ),
    "file.encoding_unknown": _("The text in “%(file)s” is neither UTF-8 nor GBK. Save it as UTF-8."),
    # Cells.
    "cell.missing": _("The cell is empty. Fill it in: without it nothing can be done with the row."),
    "cell.too_long": _("The text is longer than %(most)s characters. Shorten it."),
    "cell.unseen": _("The text holds a character that can't be seen (%(character)s). Type it anew."),
    "cell.like_formula": _("The text begins like a formula. It was taken as a text, and stays one."),
    "cell.number": _("This is no whole number from %(least)s to %(most)s. Write digits only."),
    "cell.coordinate": _("This is no coordinate. Write a number with a decimal point."),
    "cell.date": _("This date can't be read. Write it as year-month-day, for instance 1990-03-05."),
    "cell.date_range": _("The day lies before %(earliest)s or in the future. Write the right one."),
    "cell.yes_no": _("This is neither yes nor no. Write 是 or 否."),
    "cell.choice": _("This word can't stand here. Write one of: %(known)s."),
    "name.odd": _("A name can't hold “%(character)s”. Write the name alone."),
    "phone.form": _("This is no telephone number. Write its digits, at most 20."),
    "phone.length": _("A mobile number has 11 digits. See whether one is missing or too many."),
    "phone.several": _("These are several telephone numbers. Leave one."),
    "phone.rounded": _(
        "The spreadsheet shows the number shortened (E+). Format the column as text and enter it again."
    ),
    "identity.number": _(
        "The cell holds a number, of which a spreadsheet keeps 15 digits: the last ones are lost for good. "
        "Format the column as text and enter the identity numbers again."
    ),
    # Rows.
    "row.total": _("This is a row of sums, and was left out."),
    "row.repeated": _("Row %(row)s says the same. This one was left out."),
    "row.contradicts": _("Row %(row)s is about the same, and says something else. Delete one of the two."),
    "row.outside": _("This lies outside of %(unit)s. Have its own office import the row."),
    "row.nothing": _("The row says nothing that could be imported. Fill in what is known, or delete it."),
    # Where it is.
    "address.missing": _(
        "Nobody can tell where this is. Give an address, coordinates, or the grid that it belongs to."
    ),
    "address.unreadable": _("The address can't be understood. Write it like %(example)s."),
    "address.unknown": _("There is no such building. Nearest to it: %(candidates)s."),
    "address.nothing_near": _(
        "There is no such building, nor one with a similar address. Give coordinates, or enter the building "
        "first."
    ),
    "address.several": _("Several buildings have this address: %(candidates)s. Write it in full."),
    "address.no_room": _(
        "The building is found, but no room is given. The household gets the building's place."
    ),
    "dwelling.new": _("The building has no such room yet. It will be entered."),
    "unit.unknown": _("There is no smallest grid “%(unit)s” in your area. Write its code or its full name."),
    "point.zero": _("The coordinates are 0. Write where it is, or empty both cells."),
    "point.half": _("One of the two coordinates is missing. Give both, or none."),
    "point.no_place": _("These coordinates lie nowhere on Earth in %(crs)s. See whether they are complete."),
    "place.far": _("The place lies %(metres)s m from the building of this address. See which one is right."),
    # Matches.
    "household.other": _(
        "The dwelling has the household of somebody else. It is left out, unless you say that several "
        "households live there."
    ),
    "household.several": _(
        "Several households fit this row. Name the householder as the register does, or give the household's "
        "number."
    ),
    "household.other_head": _(
        "By the register the household of this number has another head, and no one resident of this name. "
        "Import the residents first, or correct the number."
    ),
    "household.no_such_id": _("There is no household of this number in your area. See where it comes from."),
    "household.shared": _("Row %(row)s is about the same dwelling: two households will share it."),
    "household.none": _("No household lives at this address by the register. Import the households first."),
    # People.
    "identity.other_born_on": _(
        "The day of birth isn't that of the identity number. See which one is right."
    ),
    "identity.other_gender": _("The gender isn't that of the identity number. See which one is right."),
    "resident.before_birth": _(
        "Nobody lives anywhere before birth. Correct the day of birth, or the day in “Here since”."
    ),
    "resident.by_name": _(
        "By name and day of birth, or telephone, this person lives in another household by the register. See "
        "whether it is the same one."
    ),
    "resident.moves_today": _(
        "No day of the move is given: %(day)s is taken. Another one belongs into the column “Here since”."
    ),
    "resident.moved_later": _(
        "By the register this person came to the other household on that day or later. Write the day of this "
        "move."
    ),
    "resident.keeps_hub": _(
        "This person keeps a party hub household. Let him move on the page of the household that he leaves."
    ),
    "resident.last_one": _(
        "Nobody stays in the household that this person leaves. It isn't ended by the import: end it on its "
        "page."
    ),
    "resident.several": _(
        "Several residents of this household have this name. Give the identity number or the day of birth."
    ),
    "resident.other_identity": _(
        "A resident of this name has another identity number in the register. See which one is right."
    ),
    "resident.second_head": _("Row %(row)s gives the household a head already. There can be one."),
    "resident.second_representative": _(
        "Row %(row)s gives the household a representative already. There can be one."
    ),
    "resident.is_head": _(
        "By the register this is the head, and no row before this one or near it names another. Name the new "
        "head too."
    ),
    "organisation.several": _("Several have this name. Give the address as the register has it."),
    "shape.no_point": _("A household's place is a point. Draw a point."),
    "shape.inside": _("This is an area. A point inside of it is taken."),
    "shape.odd": _("The shape is no sound point or polygon. Draw it again."),
    "post.no_unit": _("There is no one grid “%(unit)s” below your office. Write its code."),
    "post.not_yours": _("This post is given by the office above. Ask there."),
    "post.several_people": _("Several people of this name hold posts here. Appoint the right one by hand."),
    "member.no_organisation": _("There is no one party organisation of this name. Write its full name."),
    "member.by_street": _("A probationary member is entered by the street's office: the community proposes."),
    "member.left": _("This resident has left the party register. Enrol him on the page of the organisation."),
    "member.other_stage": _(
        "By the register the member has another stage, and keeps it: stages are decided on the member's page."
    ),
    "member.moved_later": _(
        "The member came to the present organisation, or to a role there, on that day or later. Write the "
        "day of this transfer."
    ),
    "member.roles_end": _("With the transfer the member's roles in the former organisation end."),
    "resident.unknown": _(
        "Nobody of this name or number is among your residents. Import the residents first."
    ),
    # The import as a whole.
    "import.columns": _("Say which columns hold what: %(missing)s must be among them."),
    "import.heading_twice": _("The heading “%(heading)s” is there twice. Say which of the columns is meant."),
    "import.crs": _("Say in which coordinate system the places are: by the points alone it can't be told."),
    "import.crs_swapped": _("Longitude and latitude seem to be swapped. Say whether they are."),
    "import.crs_doubt": _(
        "By the coordinate system that the file names the places don't lie on the buildings; by %(better)s "
        "they do. Say which one it is."
    ),
    "import.nothing": _("The table holds no rows."),
    "import.broken": _(
        "Something went wrong that nobody foresaw; nothing was written. Tell the administrator."
    ),
    "import.changed_meanwhile": _(
        "What is in the register changed while the file was imported; nothing was written. Check it again."
    ),
    "import.depended_on": _("It can't be undone any more: %(what)s."),
    "import.no_key": _(
        "Files with personal data are taken only where LINGE_DATA_KEYS is set. Tell the administrator."
    ),
}
"""The sentence for each code."""


def sentence(code: str, details: Mapping[str, Any]) -> str:
    """Return the sentence for a code in the language now active."""
    return filled(WORDS[code], details)
