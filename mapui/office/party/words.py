"""What the pages of the party register say to warnings and gaps, and where each comes from."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from households.selectors.party.gaps import Gap
from households.selectors.party.tree import Warn

#: What is found, and what to do about it.
WARNINGS: Final = {
    Warn.FEW_ACTIVE: (
        _("Too few active members"),
        _("Join it with another branch, or transfer members to it (seed 000, 1)."),
    ),
    Warn.NO_SECRETARY: (_("No secretary"), _("Appoint one on the page of a member.")),
    Warn.SECRETARY_FROM_OUTSIDE: (
        _("The secretary is not of the community's committee"),
        _("As a rule a member of the committee above is secretary as well (seed 000, 1)."),
    ),
    Warn.NO_GROUND: (
        _("For no grid in force"),
        _("Its grid was dissolved: choose the grids that it is for now."),
    ),
}

GAPS: Final = {
    Gap.ORGANISATION: _("Grids without a party organisation"),
    Gap.HUB: _("Grids without a hub household"),
    Gap.HUB_NORM: _("Grids with too few or too many hubs"),
    Gap.CONTACT: _("Households in need without a contact"),
    Gap.MEMBER: _("Members with too few or too many contact households"),
}
