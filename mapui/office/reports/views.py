"""The pages of quarterly reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_safe

from gis_grids.errors import LingeError, NotFound, Refused
from gis_grids.models import Unit
from gis_grids.permissions import scope_of
from gis_grids.selectors import chains
from incidents.models.quarterly import SECTIONS
from incidents.selectors.quarterly import last_quarters, read_report
from incidents.services.quarterly import begin_report, file_report, save_report, take_back_report
from mapui.faces import OFFICE, face_required
from mapui.office.reports.content import content_of
from mapui.office.reports.files import KINDS
from mapui.office.reports.frozen import frozen
from mapui.office.reports.listing import read_quarter, reports_listed
from mapui.office.reports.maps import moving_maps
from mapui.office.reports.reading import shown_report
from mapui.office.reports.words import proposed_texts
from mapui.office.statistics.files import attachment
from mapui.pages.papermaps import carried
from mapui.pages.printing import PrinterAway

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.http import HttpRequest

    from gis_grids.permissions import Scope
    from mapui.office.reports.reading import Shown

_QUARTERS_SHOWN: Final = 8
#: The maps are folium's document with its scripts inside: it may run them, and nothing else, as nobody.
_MAPS_POLICY: Final = (
    "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
    "img-src data:; frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
)


@never_cache
@face_required(OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def reports(request: HttpRequest) -> HttpResponse:
    """List the units of the reader's area with their reports on a quarter, and begin one."""
    if request.method == "POST":
        return _begin(request)
    quarter = read_quarter(request.GET.get("quarter", ""))
    context = {
        "quarter": quarter,
        "quarters": last_quarters(_QUARTERS_SHOWN),
        "rows": reports_listed(cast("User", request.user), _scope(request), quarter),
    }
    return render(request, "office/reports/list.html", context)


@never_cache
@face_required(OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, report_id: int) -> HttpResponse:
    """Show a report; its writer saves, files and takes it back here."""
    if request.method == "POST":
        return _change(request, report_id)
    return render(request, "office/reports/report.html", _shown(request, report_id).context())


@require_safe
@never_cache
@face_required(OFFICE)
@xframe_options_sameorigin
def maps(request: HttpRequest, report_id: int) -> HttpResponse:
    """Send the maps that the page has in a frame of its own."""
    shown = _shown(request, report_id)
    context = shown.context() | carried() | moving_maps(shown.maps)
    page = render_to_string("office/reports/maps.html", context)
    return HttpResponse(page, headers={"Content-Security-Policy": _MAPS_POLICY})


@require_safe
@never_cache
@face_required(OFFICE)
def report_file(request: HttpRequest, report_id: int, kind: str) -> HttpResponse:
    """Send a report as a file."""
    if kind not in KINDS:
        raise Http404
    shown = _shown(request, report_id)
    content_type, made = KINDS[kind]
    try:
        file = made(shown)
    except PrinterAway as error:
        messages.error(request, str(error))
        return redirect("office_report", report_id)
    response = attachment(f"{shown.file_name}.{kind}", content_type)
    response.write(file)
    return response


def _scope(request: HttpRequest) -> Scope:
    scope: Scope = request.reach  # type: ignore[attr-defined]  # set by face_required
    return scope


def _shown(request: HttpRequest, report_id: int, written: dict[str, str] | None = None) -> Shown:
    user = cast("User", request.user)
    try:
        return shown_report(user, _scope(request), read_report(user, report_id), written)
    except NotFound as error:
        raise Http404(str(error)) from error


def _begin(request: HttpRequest) -> HttpResponse:
    """Begin the report of a unit with what its figures say, or open the one that there is."""
    user, quarter = cast("User", request.user), read_quarter(request.POST.get("quarter", ""))
    unit = Unit.objects.filter(code=request.POST.get("unit", "")[:32].replace("\x00", "")).first()
    chain = chains([unit.pk]).get(unit.pk, ()) if unit else ()
    try:
        if not chain:
            raise NotFound("unit.unknown", _("There is no such unit in your area."))
        content = content_of(user, _scope(request), chain[-1], quarter)
        texts = proposed_texts(content, chain[-1].name, quarter)
        begun = begin_report(actor=user, unit_id=chain[-1].unit_id, quarter=quarter, texts=texts)
    except LingeError as error:
        messages.error(request, str(error))
        return redirect("office_reports")
    return redirect("office_report", begun.pk)


def _change(request: HttpRequest, report_id: int) -> HttpResponse:
    """Save the texts, and file the report or take it back if asked; what was written is never lost."""
    user = cast("User", request.user)
    texts = {name: request.POST[name].replace("\r\n", "\n") for name in SECTIONS if name in request.POST}
    version = request.POST.get("version", "")
    deed = request.POST.get("deed", "save")
    read = int(version) if version.isdecimal() and version.isascii() else 0
    try:
        if deed == "take_back":
            take_back_report(actor=user, report_id=report_id, expected_version=read)
            messages.success(request, _("The report is a draft again."))
        else:
            saved = save_report(actor=user, report_id=report_id, expected_version=read, texts=texts)
            messages.success(request, _("The draft is saved."))
            if deed == "file":
                _file(user, report_id, saved.version)
                messages.success(request, _("The report is filed."))
    except NotFound as error:
        raise Http404(str(error)) from error
    except Refused as error:
        raise PermissionDenied(str(error)) from error
    except LingeError as error:
        return _again(request, report_id, texts, str(error))
    return redirect("office_report", report_id)


def _file(user: User, report_id: int, version: int) -> None:
    """File with the figures of the moment; the page was written by whoever saved that version."""
    read = read_report(user, report_id)
    content = content_of(user, scope_of(user), read.chain[-1], read.quarter)
    file_report(actor=user, report_id=report_id, expected_version=version, figures=frozen(content))


def _again(request: HttpRequest, report_id: int, texts: dict[str, str], problem: str) -> HttpResponse:
    """Show the page with the problem, and with what was written beside what is stored."""
    context = _shown(request, report_id, texts).context() | {"problem": problem}
    return render(request, "office/reports/report.html", context, status=409)
