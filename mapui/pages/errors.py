"""What people see when something went wrong: a sentence and a reference, never a traceback.

Programs (``/api/``, ``/tiles/``) get the same as JSON: ``{"code", "message", "details"}``.
"""

from __future__ import annotations

import logging
import secrets
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

logger = logging.getLogger(__name__)

RETRY_AFTER_S = 5


def _answer(  # noqa: PLR0913 - an answer has this many parts
    request: HttpRequest,
    *,
    status: int,
    code: str,
    title: str,
    message: str,
    reference: str = "",
) -> HttpResponse:
    if request.path.startswith(("/api/", "/tiles/")):
        details = {"reference": reference} if reference else {}
        return JsonResponse({"code": code, "message": message, "details": details}, status=status)
    context = {"status": status, "title": title, "message": message, "reference": reference}
    return render(request, "error.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Answer 400."""
    message = _("The address or the data sent with it can't be read. Go back and try again.")
    return _answer(request, status=400, code="bad_request", title=_("Bad request"), message=message)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Answer 403."""
    message = _("Your posts don't include this page. If they should, ask your street office.")
    return _answer(request, status=403, code="refused", title=_("Not for your posts"), message=message)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """Answer 403 for a form whose token is missing or too old."""
    message = _("This form is too old or came from another site. Go back, reload the page and send it again.")
    return _answer(request, status=403, code="csrf", title=_("Form out of date"), message=message)


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """Answer 429, for allauth's rate limits."""
    message = _("Too many attempts. Wait five minutes and try again.")
    return _answer(request, status=429, code="rate_limited", title=_("Too many attempts"), message=message)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Answer 404."""
    message = _("There is nothing at this address.")
    return _answer(request, status=404, code="not_found", title=_("Not found"), message=message)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 with a reference that is in the log too; 503 when the database can't be reached."""
    reference = secrets.token_hex(4)
    error = sys.exc_info()[1]
    # Django logs the traceback; this line ties it to what the person saw.
    logger.error("reference %s: %s %s (%s)", reference, request.method, request.path, type(error).__name__)
    if isinstance(error, OperationalError | InterfaceError):
        return _unavailable(request, reference)
    return _answer(
        request,
        status=500,
        code="server_error",
        title=_("Server error"),
        message=_("Something went wrong on our side. Tell the administrator the reference below."),
        reference=reference,
    )


def _unavailable(request: HttpRequest, reference: str) -> HttpResponse:
    response = _answer(
        request,
        status=503,
        code="unavailable",
        title=_("Not available"),
        message=_("The database can't be reached at the moment. Nothing was changed; try again in a moment."),
        reference=reference,
    )
    response.headers["Retry-After"] = str(RETRY_AFTER_S)
    return response
