"""The catalogue as a workbook: sent, and taken back after a look at what it would change."""

from __future__ import annotations

import base64
import binascii
import logging
from typing import IO, TYPE_CHECKING, Any, Final, cast

from django import forms
from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from gis_grids.errors import LingeError, Refused
from gis_grids.sheets import Sheet, write_xlsx
from incidents.permissions import may_edit_catalogue
from incidents.services.catalogue_files import catalogue_sheet, import_catalogue
from mapui.faces import OFFICE, face_required
from mapui.office.rules.history import names_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.core.files.uploadedfile import UploadedFile
    from django.http import HttpRequest

    from incidents.services.catalogue_files import CatalogueImport

log = logging.getLogger(__name__)
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: The page carries the file from the look to the import: no bigger one is taken here.
MAX_BYTES: Final = 1024 * 1024
_SALT, _GOOD_FOR_S = "catalogue file", 3600


class FileForm(forms.Form):
    """A workbook or a CSV file."""

    file = forms.FileField(
        label=gettext_lazy("Workbook (.xlsx) or CSV file"),
        max_length=200,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def clean_file(self) -> UploadedFile:
        """Refuse what is bigger than a catalogue can be."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MAX_BYTES:
            raise forms.ValidationError(
                _("A catalogue has at most %(most)s MB. Choose another file."), params={"most": 1}
            )
        return file


@require_safe
@never_cache
@face_required(OFFICE)
def export_catalogue(_request: HttpRequest, kind: str) -> HttpResponse:
    """Send the catalogue (``full``) as a workbook, or its headings alone to be filled in (``empty``)."""
    if kind not in {"full", "empty"}:
        raise Http404
    sheet = catalogue_sheet()
    if kind == "empty":
        sheet = Sheet(title=sheet.title, headings=sheet.headings, rows=[])
    name = f"catalogue-{kind}-{timezone.localtime():%Y%m%d}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    response = HttpResponse(content_type=_XLSX, headers=headers)
    write_xlsx(cast("IO[bytes]", response), [sheet])
    return response


@never_cache
@face_required(OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def catalogue_file(request: HttpRequest) -> HttpResponse:
    """Take a file: first it's looked at, then, as it was looked at, imported."""
    if not may_edit_catalogue(request.reach):  # type: ignore[attr-defined]  # set by face_required
        raise PermissionDenied
    if "looked_at" in request.POST:
        return _import(request)
    form = FileForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        context |= _look(request, form, file.read(), file.name)
    return _page(request, context)


def _look(request: HttpRequest, form: FileForm, data: bytes, name: str) -> Mapping[str, Any]:
    """Return what the import would do, and the file for it where nothing speaks against it."""
    try:
        found = import_catalogue(actor=cast("Any", request.user), data=data, name=name, is_dry_run=True)
    except LingeError as error:
        form.add_error("file", str(error))
        return {}
    rows = [(row, names_of(row.changed)) for row in found.rows if row.is_new or row.changed]
    token = "" if found.findings or not rows else _packed(data, name)
    return {"found": found, "rows": rows, "same": len(found.rows) - len(rows), "token": token}


def _import(request: HttpRequest) -> HttpResponse:
    form = FileForm()
    try:
        data, name = _unpacked(request.POST["looked_at"])
        found = import_catalogue(actor=cast("Any", request.user), data=data, name=name)
    except (signing.BadSignature, binascii.Error):
        messages.error(request, _("That look is too old. Choose the file again."))
        return redirect("office_rules_file")
    except Refused:
        raise PermissionDenied from None
    except LingeError as error:
        messages.error(request, str(error))
        return redirect("office_rules_file")
    if not found.is_written:
        return _page(request, {"form": form, "found": found, "rows": [], "same": 0, "token": ""})
    _say(request, found)
    return redirect("office_rules")


def _say(request: HttpRequest, found: CatalogueImport) -> None:
    new = sum(row.is_new for row in found.rows)
    changed = sum(bool(row.changed) for row in found.rows)
    log.info("catalogue imported by user %s: %s new, %s changed", request.user.pk, new, changed)
    sentence = _("The catalogue is imported: %(new)s new, %(changed)s changed.")
    messages.success(request, sentence % {"new": new, "changed": changed})


def _page(request: HttpRequest, context: Mapping[str, Any]) -> HttpResponse:
    found = context.get("found")
    is_bad = context["form"].errors or (found and found.findings)
    return render(request, "office/rules/file.html", dict(context), status=422 if is_bad else 200)


def _packed(data: bytes, name: str) -> str:
    return signing.dumps({"name": name, "data": base64.b64encode(data).decode()}, salt=_SALT)


def _unpacked(token: str) -> tuple[bytes, str]:
    told = signing.loads(token, salt=_SALT, max_age=_GOOD_FOR_S)
    return base64.b64decode(told["data"]), told["name"]
