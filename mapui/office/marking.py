"""Files of the register: each says on every sheet, and in its properties, who took it and when."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Final, cast

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from gis_grids.people import name_of
from gis_grids.sheets import write_csv, write_xlsx

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.contrib.auth.models import User
    from django.http import HttpRequest

    from gis_grids.sheets import Sheet

FILE_TYPES: Final = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


def marked_file(request: HttpRequest, name: str, kind: str, sheet: Sheet) -> HttpResponse:
    """Return a sheet as a file of one of the kinds of `FILE_TYPES`, marked; ``name`` is that of the file."""
    if kind == "xlsx":
        return marked_book(request, name, [sheet])
    response = _attachment(name, kind)
    write_csv(cast("IO[bytes]", response), sheet, mark=_mark(request))
    return response


def marked_book(request: HttpRequest, name: str, sheets: Sequence[Sheet]) -> HttpResponse:
    """Return the sheets as a workbook, each of them marked."""
    response = _attachment(name, "xlsx")
    write_xlsx(cast("IO[bytes]", response), sheets, mark=_mark(request))
    return response


def _attachment(name: str, kind: str) -> HttpResponse:
    file_name = f"{name}-{timezone.localtime():%Y%m%d-%H%M%S}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{file_name}"', "Cache-Control": "no-store"}
    return HttpResponse(content_type=FILE_TYPES[kind], headers=headers)


def _mark(request: HttpRequest) -> str:
    user = cast("User", request.user)
    sentence = _(
        "Taken by %(name)s (%(login)s) on %(at)s. For the purpose given alone; delete it afterwards."
    )
    at = f"{timezone.localtime():%Y-%m-%d %H:%M:%S}"
    return sentence % {"name": name_of(user), "login": user.get_username(), "at": at}
