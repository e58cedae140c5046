"""What a resident without account sees of the case that he reported, by the signed link that he was given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.core import signing
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import NotFound
from gis_grids.models import Post
from gis_grids.selectors import chains
from incidents.models import Attachment, Incident
from incidents.permissions import HANDLING_POSTS, LinkHolder
from incidents.selectors.attachments import AttachmentRow, row_of, sent_by
from incidents.selectors.ratings import link_for
from incidents.workflow import ENDED, REOPEN_WINDOW, WORKED_ON, Action, Actor, State

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from gis_grids.selectors import ChainLink
    from incidents.models import IncidentEvent, Matter

_SIGNER = signing.Signer(salt="incidents.follow")

#: How long the link is good after the end of the case.
FOLLOW_WINDOW = timedelta(days=90)

#: Whose words are for the reporter: what is said of the work among those who do it stays with them.
_FOR_REPORTER = frozenset(
    {
        Action.ANSWER, Action.ASK, Action.BLACKLIST, Action.GIVE_FEEDBACK, Action.HOLD, Action.REJECT,
        Action.REOPEN, Action.REQUEST_REOPEN, Action.RESOLVE, Action.SELF_HANDLE,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """Something that was said to the reporter, or by him (``is_own``)."""

    at: dt.datetime
    text: str
    is_own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Responsible:
    """Who has the case: the post and its unit, never the person. ``post`` is a `PostKind`'s label."""

    post: str
    unit_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """A case as who reported it without account sees it: no name, nothing of anybody else.

    ``state`` is that of the master if the case is a duplicate (``is_merged``): of that one nothing else is
    told, since others reported it. ``words`` are in their order, ``question`` is the last of them while an
    answer is waited for. ``rating_path`` is the page to rate the case, or to say that nothing was solved;
    ``may_object`` says that he can ask for a case to be reopened that was refused.
    """

    incident_id: int
    number: str
    version: int
    state: State
    is_merged: bool
    matter: Matter
    text: str
    unit_name: str
    received_at: dt.datetime
    scheduled_for: dt.date | None
    responsible: Responsible | None
    words: list[Word]
    question: str
    files: list[AttachmentRow]
    may_add_files: bool
    rating_path: str | None
    may_object: bool


def follow_path(incident_id: int) -> str:
    """Return the path of the page where the case is followed: the id, signed; the same each time."""
    return reverse("report_follow", args=[_SIGNER.sign_object(incident_id)])


def case_of_link(token: str, now: dt.datetime | None = None) -> Incident:
    """Return the case that the link is for, with its matter and master.

    Raises `NotFound` (``follow.no_link``) alike for a link that we never made, that is over, and that is to
    a case which somebody with an account reported.
    """
    try:
        incident_id = _SIGNER.unsign_object(token)
        cases = Incident.objects.select_related("matter", "merged_into").filter(reporter=None)
        incident = cases.get(pk=incident_id)
    except (signing.BadSignature, ValueError, TypeError, Incident.DoesNotExist) as error:
        raise _no_link() from error
    leading = incident.merged_into or incident
    if leading.state in ENDED and (now or timezone.now()) - leading.state_since > FOLLOW_WINDOW:
        raise _no_link()
    return incident


def followed(token: str, now: dt.datetime | None = None) -> Followed:
    """Return what the holder of the link sees. Some ten queries. Raises `NotFound` as `case_of_link` does."""
    at = now or timezone.now()
    incident = case_of_link(token, at)
    is_merged = incident.merged_into is not None
    state = State((incident.merged_into or incident).state)
    chain = chains([incident.unit_id])[incident.unit_id]
    words = [_word(event) for event in incident.events.order_by("seq") if _is_for_reporter(event)]
    asked = words and state is State.NEED_INFO and not is_merged
    return Followed(
        incident_id=incident.pk,
        number=incident.number,
        version=incident.version,
        state=state,
        is_merged=is_merged,
        matter=incident.matter,
        text=incident.text,
        unit_name=chain[-1].name,
        received_at=incident.received_at,
        scheduled_for=None if is_merged else incident.scheduled_for,
        responsible=None if is_merged else _responsible(incident, chain),
        words=words,
        question=words[-1].text if asked else "",
        files=[row_of(each) for each in Attachment.objects.filter(sent_by(LinkHolder(incident.pk)))],
        may_add_files=state not in ENDED and not is_merged,
        rating_path=link_for(incident) if state in {State.RESOLVED, State.CLOSED} and not is_merged else None,
        may_object=not is_merged and _may_object(incident, at),
    )


def _no_link() -> NotFound:
    return NotFound("follow.no_link", _("This link is not complete, or its time is over."))


def _is_for_reporter(event: IncidentEvent) -> bool:
    return bool(event.note) and event.action in _FOR_REPORTER


def _word(event: IncidentEvent) -> Word:
    return Word(at=event.at, text=event.note, is_own=event.details["as"] == Actor.REPORTER)


def _responsible(incident: Incident, chain: Sequence[ChainLink]) -> Responsible | None:
    """Return the assignee's post that is nearest to the case; None while nobody has it."""
    if incident.assignee_id is None or incident.state not in WORKED_ON:
        return None
    names = {link.unit_id: link.name for link in chain}
    posts = Post.objects.filter(
        holder=incident.assignee_id, unit__in=names, kind__in=HANDLING_POSTS, term__contains=timezone.now()
    )
    nearest = max(posts, key=lambda post: list(names).index(post.unit_id), default=None)
    if nearest is None:
        return None
    return Responsible(post=nearest.get_kind_display(), unit_name=names[nearest.unit_id])


def _may_object(incident: Incident, at: dt.datetime) -> bool:
    """Return whether he can ask, once, for a refused case to be looked at again."""
    if incident.state != State.REJECTED or at - incident.state_since > REOPEN_WINDOW:
        return False
    asked = incident.events.filter(action=Action.REQUEST_REOPEN, at__gte=incident.state_since)
    return not asked.exists()
