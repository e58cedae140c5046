"""The pages of imports. Nothing that a file says of people is in an address or a log."""

from __future__ import annotations

import json
import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gis_grids.errors import LingeError
from gis_grids.people import name_of
from gis_grids.selectors import unit_names
from households.models import ImportRow, ImportRun
from households.selectors.imports import ROWS_ON_PAGE, access_import, imports_of, rows_of, undoable_until
from households.services import imports
from households.services.imports.kinds import KINDS
from households.services.imports.runs import CANCELLABLE
from mapui.office.doors import register_page
from mapui.office.imports.forms import MOST_MB, BeginForm, ColumnsForm, ConfirmForm
from mapui.office.imports.shown import ORDER, counts_of, error_of, said_of, shown_rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.contrib.auth.models import User
    from django.http import HttpRequest, HttpResponse

log = logging.getLogger(__name__)
State = ImportRun.State
_ON_PAGE = 30
#: A page that is waited for asks again after so many seconds.
_AGAIN_S = 2


@register_page
@require_http_methods(["GET", "HEAD", "POST"])
def import_list(request: HttpRequest) -> HttpResponse:
    """List the imports into one's units, and begin another one."""
    form = BeginForm(request.reach, request.POST or None, request.FILES or None)  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            run = imports.begin_import(
                actor=cast("User", request.user),
                kind=form.cleaned_data["kind"],
                unit_id=form.cleaned_data["unit"],
                name=file.name,
                size=file.size,
                chunks=file.chunks(),
            )
        except LingeError as error:
            form.add_error("file", str(error))
        else:
            return redirect("office_import", run_id=run.pk)
    page = Paginator(imports_of(cast("User", request.user)), _ON_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "runs": _named(page.object_list),
        "most_mb": MOST_MB,
        "templates": templates(),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "office/imports/list.html", context, status=status)


@register_page
@require_safe
def import_run(request: HttpRequest, run_id: int) -> HttpResponse:
    """Show how far an import is, what it asks, and what was found in its rows."""
    run = access_import(cast("User", request.user), run_id)
    return _page(request, run)


@register_page
@require_POST
def change_import(request: HttpRequest, run_id: int, deed: str) -> HttpResponse:
    """Answer, confirm, cancel or undo an import, or leave single rows of it out."""
    run = access_import(cast("User", request.user), run_id)
    if deed not in _DEEDS:
        raise Http404
    try:
        _DEEDS[deed](request, run)
    except LingeError as error:
        messages.error(request, str(error))
    log.info("import %s: %s by user %s", run.pk, deed, request.user.pk)
    return redirect("office_import", run_id=run.pk)


def templates() -> list[tuple[str, str]]:
    """Return the kinds of table that there is an empty one of, with their labels."""
    labels = dict(ImportRun.Kind.choices)
    return [(key, str(labels[key])) for key, kind in KINDS.items() if not kind.is_map]


def _named(runs: Iterable[ImportRun]) -> list[ImportRun]:
    """Return the imports with the names of their units and authors, as the list shows them."""
    found = list(runs)
    names = unit_names({run.unit_id for run in found})
    for run in found:
        run.unit_name, run.author_name = names[run.unit_id], name_of(run.author)  # type: ignore[attr-defined]
    return found


def _page(request: HttpRequest, run: ImportRun) -> HttpResponse:
    outcome = request.GET.get("outcome", "")
    outcome = outcome if outcome in ImportRow.Outcome else ""
    is_checked = run.state in {State.CHECKED, State.DONE, State.UNDONE}
    rows = rows_of(run, outcome) if is_checked else run.rows.none()
    page = Paginator(rows, ROWS_ON_PAGE).get_page(request.GET.get("page"))
    shown = shown_rows(run, page.object_list)
    can_answer = bool(run.layout) and run.state in {State.ASKING, State.CHECKED, State.FAILED}
    context: dict[str, Any] = {
        "run": run,
        "again": _AGAIN_S if run.is_busy else 0,
        "error": error_of(run),
        "notes": said_of(run.layout.get("notes", ())),
        "counts": counts_of(run),
        "tabs": _tabs(run, outcome) if is_checked else [],
        "page": page,
        "rows": shown,
        "can_leave": any(each.can_be_left for each in shown),
        "can_cancel": run.state in CANCELLABLE,
        "unit_name": unit_names([run.unit_id])[run.unit_id],
        "query": f"outcome={outcome}" if outcome else "",
        "stays_out": run.rows.exclude(cells="").exists(),
        "undoable_until": undoable_until(run),
        "confirm": ConfirmForm() if run.state == State.CHECKED else None,
    }
    if can_answer:
        form = ColumnsForm(run)
        context |= {"columns": form, "column_rows": list(zip(form.columns, _samples(run), strict=True))}
    return render(request, "office/imports/run.html", context)


def _tabs(run: ImportRun, outcome: str) -> list[tuple[str, str, bool]]:
    """Return the ways to the rows of one outcome: address, label, and whether it is the one shown."""
    there = dict(run.rows.values_list("outcome").annotate(n=Count("pk")).order_by())
    tabs = [("?", f"{_('All')} {sum(there.values())}", not outcome)]
    return tabs + [
        (f"?outcome={each}", f"{each.label} {there[each]}", each == outcome)
        for each in ORDER
        if each in there
    ]


def _samples(run: ImportRun) -> list[str]:
    """Return what stands first in each column."""
    rows = json.loads(run.sample) if run.sample else []
    width = len(run.layout["headings"])
    return [
        " · ".join(row[place][:20] for row in rows if place < len(row) and row[place])
        for place in range(width)
    ]


def _answer(request: HttpRequest, run: ImportRun) -> None:
    form = ColumnsForm(run, request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose for each column what it holds."))
        return
    imports.answer_columns(actor=cast("User", request.user), run_id=run.pk, keys=form.keys, crs=form.system)


def _confirm(request: HttpRequest, run: ImportRun) -> None:
    form = ConfirmForm(request.POST)
    if form.is_valid():
        imports.confirm_import(actor=cast("User", request.user), run_id=run.pk, **form.cleaned_data)


def _cancel(request: HttpRequest, run: ImportRun) -> None:
    imports.cancel_import(actor=cast("User", request.user), run_id=run.pk)


def _undo(request: HttpRequest, run: ImportRun) -> None:
    imports.undo_import(actor=cast("User", request.user), run_id=run.pk)


def _leave(request: HttpRequest, run: ImportRun) -> None:
    numbers = [int(each) for each in request.POST.getlist("row") if each.isdecimal() and len(each) < 10]  # noqa: PLR2004
    imports.leave_out(
        actor=cast("User", request.user),
        run_id=run.pk,
        numbers=numbers,
        is_left_out=request.POST.get("take") != "in",
    )


_DEEDS = {"columns": _answer, "import": _confirm, "cancel": _cancel, "undo": _undo, "rows": _leave}
