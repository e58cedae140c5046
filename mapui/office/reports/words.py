"""What a new report says already: sentences from the figures, to be edited; and what each text is for."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from incidents.models.quarterly import SECTIONS
from mapui.pages.spans import number, per_cent, span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

    from incidents.models import QuarterlyReport
    from incidents.selectors.quarterly import Quarter
    from mapui.office.reports.content import Content

#: The headings of the texts, and what S0 19 and 20 ask of each.
HEADINGS: Final[dict[str, tuple[_StrPromise, _StrPromise]]] = {
    "overview": (gettext_lazy("Overview"), gettext_lazy("What the quarter was like, in a few sentences.")),
    "early_signs": (
        gettext_lazy("Early signs and tendencies"),
        gettext_lazy("What is beginning, what is growing, and what should be watched."),
    ),
    "difficulties": (
        gettext_lazy("Difficulties and doubts"),
        gettext_lazy("What can't be solved here, and what is asked of the street or the district."),
    ),
    "good_practice": (
        gettext_lazy("Good practice"),
        gettext_lazy("What worked well and others could use; examples and good deeds."),
    ),
    "next_steps": (gettext_lazy("Next steps"), gettext_lazy("What is planned for the coming quarter.")),
}


@dataclass(frozen=True, slots=True)
class Section:
    """A text of a report with its heading, what it is for, and what the figures would say there.

    ``written`` is what somebody has just written and what couldn't be stored; None otherwise.
    """

    name: str
    heading: str
    purpose: str
    text: str
    proposed: str
    written: str | None = None


def sections_of(
    report: QuarterlyReport, proposed: Mapping[str, str], written: Mapping[str, str]
) -> list[Section]:
    """Return the texts of a report in their order."""
    return [
        Section(
            name=name,
            heading=str(HEADINGS[name][0]),
            purpose=str(HEADINGS[name][1]),
            text=getattr(report, name),
            proposed=proposed.get(name, ""),
            written=written.get(name),
        )
        for name in SECTIONS
    ]


def proposed_texts(content: Content, unit_name: str, quarter: Quarter) -> dict[str, str]:
    """Return the texts that a report begins with."""
    return {"overview": _overview(content, unit_name, quarter), "early_signs": _signs(content)}


def _overview(content: Content, unit_name: str, quarter: Quarter) -> str:
    total, cases = content.total.figures, content.total.figures.cases
    said = [
        ngettext(
            "In %(quarter)s %(cases)s case was received in %(unit)s",
            "In %(quarter)s %(cases)s cases were received in %(unit)s",
            cases,
        )
        % {
            "quarter": quarter.name,
            "cases": number(cases),
            "unit": unit_name,
        }
        + _change(cases, content.before.cases)
    ]
    rate, rate_before = total.resolution_in_time.rate, content.before.resolution_in_time.rate
    if rate is not None and rate_before is not None:
        said.append(
            _("%(share)s were resolved in time (%(before)s in the quarter before).")
            % {"share": per_cent(rate), "before": per_cent(rate_before)}
        )
    elif rate is not None:
        said.append(_("%(share)s were resolved in time.") % {"share": per_cent(rate)})
    if total.feedback.median_s is not None:
        said.append(
            _("Half of them had their first feedback within %(time)s.")
            % {"time": span(dt.timedelta(seconds=total.feedback.median_s))}
        )
    if total.public_satisfaction is not None:
        said.append(
            _("Residents rated the handling with %(score)s of 5 (%(count)s ratings).")
            % {"score": number(total.public_satisfaction, 1), "count": total.ratings}
        )
    if content.matters:
        names = _(", ").join(f"{line.name} ({line.figures.cases})" for line in content.matters[:3])
        said.append(_("Most frequent were: %(matters)s.") % {"matters": names})
    # With a space between sentences, or none, as the language has it.
    return reduce(_joined, said)


def _joined(before: str, sentence: str) -> str:
    return _("%(before)s %(sentence)s") % {"before": before, "sentence": sentence}


def _change(now: int, before: int) -> str:
    """Return how many cases more or fewer than in the quarter before, and the end of the sentence."""
    if not before or now == before:
        return _(".") if not before else _(", as many as in the quarter before.")
    share = per_cent(abs(now - before) / before)
    if now > before:
        return _(", %(share)s more than in the quarter before.") % {"share": share}
    return _(", %(share)s fewer than in the quarter before.") % {"share": share}


def _signs(content: Content) -> str:
    if not content.rises:
        return ""
    said = [_("More than chance explains, compared with the quarter before:")]
    said += [
        _("· %(name)s: %(count)s cases (%(before)s before)")
        % {"name": rise.name, "count": rise.count, "before": rise.before}
        for rise in content.rises
    ]
    return "\n".join(said)
