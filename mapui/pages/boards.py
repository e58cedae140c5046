"""What the states of boards are called, and why one is to be hung anew."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from households.selectors.boards import BoardState, Change

STATES: Final = {
    BoardState.OUTDATED: pgettext_lazy("notice board", "to be re-hung"),
    BoardState.MISSING: pgettext_lazy("notice board", "not hung"),
    BoardState.CURRENT: pgettext_lazy("notice board", "up to date"),
    BoardState.NO_UNIT: pgettext_lazy("notice board", "without a grid"),
}
CHANGES: Final = {
    Change.PERSON: _("another person"),
    Change.CONTACT: _("another telephone"),
    Change.BOUNDARY: _("another boundary"),
    Change.NAME: _("another name"),
}
