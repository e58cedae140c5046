"""Residents' views: listed, noted, answered."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from gis_grids.people import name_of
from gis_grids.selectors import locate
from households.models import Topic
from households.permissions import visit_roots
from households.selectors.sentiments import answerable, sentiments_of
from households.services.sentiments import answer_sentiment, note_sentiment
from mapui.faces import OFFICE, face_required
from mapui.office.pinned import pin_data
from mapui.office.rules.saving import saved
from mapui.office.sentiments.forms import AnswerForm, SentimentForm

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from gis_grids.permissions import Scope

PAGE_SIZE = 25


@never_cache
@face_required(OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def views(request: HttpRequest) -> HttpResponse:
    """List the views from the reader's ground, the latest first, and note one."""
    scope: Scope = request.reach  # type: ignore[attr-defined]  # set by face_required
    form = SentimentForm(request.POST or None)
    outcome = saved(request, form, note_sentiment, _("The note is kept."))
    if outcome.is_saved:
        return redirect("office_views")
    topic, is_open = request.GET.get("topic", ""), bool(request.GET.get("open"))
    rows = sentiments_of(scope)
    if topic in Topic.values:
        rows = rows.filter(topic=topic)
    if is_open:
        rows = rows.filter(answer="")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    ours = set(answerable(scope).filter(pk__in=[row.pk for row in shown]).values_list("pk", flat=True))
    units = locate([(row.place.x, row.place.y) for row in shown]) if shown else []
    context = {
        "page": page,
        "rows": [
            (row, where.chain[-1].name, name_of(row.noted_by), row.pk in ours)
            for row, where in zip(shown, units, strict=True)
        ],
        "topic": topic,
        "topics": Topic.choices,
        "is_open": is_open,
        "query": urlencode({"topic": topic, **({"open": 1} if is_open else {})}),
        "form": form,
        "may_note": bool(visit_roots(scope)),
        "page_data": pin_data(visit_roots(scope)),
    }
    return render(request, "office/sentiments/list.html", context, status=outcome.status)


@never_cache
@face_required(OFFICE)
@require_POST
def answer(request: HttpRequest, sentiment_id: UUID) -> HttpResponse:
    """Say what became of a view."""
    form = AnswerForm(request.POST)
    save = partial(answer_sentiment, sentiment_id=sentiment_id)
    outcome = saved(request, form, save, _("The answer is kept."))
    if not outcome.is_saved:
        for errors in form.errors.values():
            messages.error(request, " ".join(str(error) for error in errors))
    return redirect("office_views")
