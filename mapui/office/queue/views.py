"""The page where the office imports what waits on a phone."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, cast

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from gis_grids.errors import LingeError
from mapui.faces import OFFICE, face_required
from mapui.office.queue.importing import Outcome, import_queue
from mapui.office.queue.reading import read_queue

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.http import HttpRequest, HttpResponse

    from mapui.office.queue.importing import Finding

log = logging.getLogger(__name__)


@never_cache
@face_required(OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def phone_queue(request: HttpRequest) -> HttpResponse:
    """Take in a queue that a phone has exported, and say of each item what became of it."""
    findings: list[Finding] = []
    problem = ""
    if request.method == "POST":
        try:
            findings = _import(request)
        except LingeError as error:
            problem = str(error)
    labels = {
        Outcome.STORED: _("stored"),
        Outcome.KNOWN: _("was there already"),
        Outcome.PARTLY: _("stored, but not whole"),
        Outcome.REFUSED: _("refused"),
    }
    rows = [(finding, labels[finding.outcome]) for finding in findings]
    context = {"rows": rows, "problem": problem, "is_done": request.method == "POST" and not problem}
    return render(request, "office/queue.html", context, status=422 if problem else 200)


def _import(request: HttpRequest) -> list[Finding]:
    file = request.FILES.get("file")
    if file is None:
        raise LingeError("queue.none", _("Choose the file that the phone has exported."))
    queue = read_queue(file)
    actor = cast("User", request.user)
    findings = import_queue(queue=queue, actor=actor)
    log.info("user %s imported a queue of %s items", actor.pk, len(findings))
    return findings
