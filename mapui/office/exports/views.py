"""Choose a list, for which unit and how; then take it along. A file in clear needs the right and a reason."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final, cast

from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from gis_grids.errors import BadInput, LingeError, RateLimited
from gis_grids.sheets import Sheet
from households.models import AccessRecord
from households.permissions import named_roots, register_roots
from households.selectors.exports import REGISTERS
from households.services.access import record_access
from mapui.faces import OFFICE, face_required
from mapui.office.exports.forms import ExportForm
from mapui.office.marking import marked_file

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.http import HttpRequest, HttpResponse

    from gis_grids.permissions import Scope

#: A file holds no more rows than a person can answer for.
MOST_ROWS: Final = 50_000
_UNPROCESSABLE, _TOO_MANY = 422, 429
log = logging.getLogger(__name__)


@never_cache
@face_required(OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def exports(request: HttpRequest) -> HttpResponse:
    """Ask which list, and send it: every file is marked and on record."""
    scope: Scope = request.reach  # type: ignore[attr-defined]  # set by face_required
    form = ExportForm(register_roots(scope), named_roots(scope), request.POST or None)
    status = 200
    if request.method == "POST":
        status = _UNPROCESSABLE
        if form.is_valid():
            try:
                return _file(request, form)
            except LingeError as error:
                form.add_error(None, str(error))
                status = _TOO_MANY if isinstance(error, RateLimited) else _UNPROCESSABLE
    context = {"form": form, "most_rows": f"{MOST_ROWS:,}", "may_clear": bool(named_roots(scope))}
    return render(request, "office/exports/exports.html", context, status=status)


def _file(request: HttpRequest, form: ExportForm) -> HttpResponse:
    user, told, at = cast("User", request.user), form.cleaned_data, timezone.now()
    register, roots, in_clear, kind = (
        REGISTERS[told["register"]],
        form.roots(),
        told["in_clear"],
        told["kind"],
    )
    count = register.rows(roots, at)[: MOST_ROWS + 1].count()
    if count > MOST_ROWS:
        sentence = _("A file holds no more than %(most)s rows. Choose a smaller unit.")
        raise BadInput("export.too_many", sentence, {"most": f"{MOST_ROWS:,}"})
    record_access(
        reader=user,
        what=AccessRecord.What.EXPORT,
        detail=f"{register.key}.{kind}",
        named=count if in_clear else 0,
        reason=told["reason"] or _("masked"),
    )
    headings = [str(column.heading) for column in register.columns]
    sheet = Sheet(
        title=str(register.title),
        headings=headings,
        rows=register.lines(roots, at, in_clear=in_clear, most=MOST_ROWS),
    )
    log.info("list %s taken as %s by user %s: %s rows", register.key, kind, user.pk, count)
    return marked_file(request, register.key, kind, sheet)
