"""What the states of a case are for who reported it: plain words, and how far it has come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from incidents.workflow import State

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class Stand(NamedTuple):
    """How a case stands: a title, a sentence, and how many of the four steps are behind it."""

    title: _StrPromise
    sentence: _StrPromise
    step: int


#: The steps that are drawn: sent, looked at, worked on, done.
STEPS: Final = (
    pgettext_lazy("step of a report", "Received"),
    pgettext_lazy("step of a report", "Looked at"),
    pgettext_lazy("step of a report", "Worked on"),
    pgettext_lazy("step of a report", "Done"),
)

_REFUSED = _("Why is said below. You can ask for it to be looked at again.")
STANDS: Final = {
    State.REPORTED: Stand(_("We have your report"), _("Somebody will look at it soon."), 1),
    State.ACCEPTED: Stand(_("Your report is accepted"), _("We choose who takes care of it."), 2),
    State.ASSIGNED: Stand(_("Somebody takes care of it"), _("The work will begin soon."), 2),
    State.SCHEDULED: Stand(_("The work is planned"), _("It will be done on the day below."), 2),
    State.IN_PROGRESS: Stand(_("It is being worked on"), _("We tell you here when it is done."), 3),
    State.NEED_INFO: Stand(_("We have a question"), _("Please answer below, so that the work can go on."), 2),
    State.EXTERNAL: Stand(_("A department takes care of it"), _("We keep after it."), 3),
    State.ADMISSION_REVIEW: Stand(_("It is being examined"), _("The street looks who has to do it."), 2),
    State.DISTRICT_REVIEW: Stand(_("It is being examined"), _("The district looks who has to do it."), 2),
    State.ON_HOLD: Stand(_("It has to wait"), _("The work goes on as soon as it can."), 2),
    State.RESOLVED: Stand(_("It is done"), _("Please tell us whether it is solved."), 4),
    State.CLOSED: Stand(_("The case is closed"), _("Thank you for your help."), 4),
    State.REJECTED: Stand(_("This is not for the community to do"), _REFUSED, 4),
    State.CANCELLED: Stand(_("The report was taken back"), _("Nothing more will be done."), 4),
    State.VOID: Stand(_("The report is not followed up"), _("It can be reported anew at any time."), 4),
    State.DUPLICATE: Stand(_("It is known already"), _("It was joined with an earlier report."), 4),
    State.REOPENED: Stand(_("It is looked at again"), _("We choose who takes care of it."), 2),
}
