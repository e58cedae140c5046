"""The endpoints: thin; the services and selectors decide, as they do for the sockets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast
from urllib.parse import unquote
from uuid import UUID  # noqa: TC003 - ninja reads the types at run time

from django.utils.translation import gettext_lazy as _
from ninja import NinjaAPI, Status
from ninja.errors import HttpError
from ninja.errors import ValidationError as FieldError
from ninja.renderers import BaseRenderer
from ninja.security import SessionAuth
from pydantic_core import to_json

from gis_grids.errors import BadInput, Conflict, LingeError, NotFound, NotYet, RateLimited, Refused
from gis_grids.selectors import unit_at
from incidents.selectors import current_matters, details
from incidents.services.blobs import DiskFull
from incidents.storage import StoreAway
from mapui.api.announcements import router as announcements
from mapui.api.attachments import router as attachments
from mapui.api.entry import router as entry
from mapui.api.fieldwork import router as fieldwork
from mapui.api.mine import router as mine
from mapui.api.phone import router as phone
from mapui.api.places import router as places
from mapui.api.plans import router as plans
from mapui.api.residents import router as residents
from mapui.api.schemas import ActionBody, DetailsShown, LocatedShown, MatterShown, ReportBody
from mapui.api.units import router as units
from mapui.consumers.cases import ack_of, carry_out, new_report
from mapui.consumers.faults import fault_of_field
from mapui.live.intake import write_one
from mapui.pages.choices import form_choices
from mapui.pages.history import in_words
from mapui.ratelimits import address_of, report_limits
from mapui.wall.api import router as wall
from mapui.wire import Ack, DatabaseId, Done

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.contrib.auth.models import User
    from django.http import HttpRequest, HttpResponse

    from gis_grids.selectors import Located
    from incidents.models import Matter


class PlainRenderer(BaseRenderer):
    """The JSON of the sockets: Django's own cuts times to milliseconds."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: object, *, response_status: int) -> bytes:  # noqa: ARG002
        """Return the body of an answer."""
        return to_json(data, fallback=str)


class HolderAuth(SessionAuth):
    """The session's cookie opens it, unless the page says that it is another person's.

    The phone's page outlives its log-in: what it keeps for one person must not be sent, or read, as the one
    who has logged in on the same device since. ``X-Linge-Holder`` is the log-in name, percent-encoded.
    """

    def authenticate(self, request: HttpRequest, key: str | None) -> User | None:
        """Return who is logged in, or None."""
        user = super().authenticate(request, key)
        holder = request.headers.get("X-Linge-Holder")
        is_other = holder is not None and unquote(holder) != request.user.get_username()
        return None if is_other else user


# What writes needs the CSRF token as any form does. No public description.
api = NinjaAPI(
    auth=HolderAuth(csrf=True),
    renderer=PlainRenderer(),
    docs_url=None,
    openapi_url=None,
    urls_namespace="api",
)
api.add_router("", attachments)
api.add_router("", entry)
api.add_router("", mine)
api.add_router("/follow", residents)
api.add_router("/phone", announcements)
api.add_router("/phone", fieldwork)
api.add_router("/phone", phone)
api.add_router("/places", places)
api.add_router("/plans", plans)
api.add_router("/units", units)
api.add_router("/wall", wall)

#: Which status an error becomes; the first kind that fits counts. The database's errors go to `pages.errors`.
STATUSES: dict[type[LingeError], int] = {
    Refused: 403,
    NotFound: 404,
    Conflict: 409,
    BadInput: 422,
    NotYet: 425,
    RateLimited: 429,
    StoreAway: 503,
    DiskFull: 507,
}
HTTP_ERRORS = {
    400: ("message.not_json", _("This is not JSON.")),
    401: ("login", _("Log in first.")),
    403: ("csrf", _("This page is too old or of another site. Reload it and try again.")),
}


@api.put("/reports/{uuid:report_id}", response={200: Ack, 201: Ack})
def put_report(request: HttpRequest, report_id: UUID, content: ReportBody) -> Status[Ack]:
    """Report an incident: 201 when it is stored, 200 when it was already, each after the commit."""
    if content.id not in {None, report_id}:
        raise BadInput("report.id", _("The id in the report is not that of the address."))
    person = _person(request)
    report = new_report(content, report_id=report_id, reporter=person.pk)
    report_limits().admit(person.pk, address_of(request))
    reported = write_one(report)
    return Status(200 if reported.is_repeat else 201, ack_of(report_id, reported))


@api.get("/incidents/{incident_id}", response=DetailsShown)
def get_incident(
    request: HttpRequest,
    incident_id: DatabaseId,
    choices: bool = False,  # noqa: FBT001, FBT002 - a parameter of the address
) -> dict[str, Any]:
    """Return a case in full, as far as the reader may see it, and with ``choices`` those of its forms."""
    reader = _person(request)
    shown = details(reader, incident_id)
    return in_words(shown, reader) | {"choices": form_choices(shown) if choices else None}


@api.post("/incidents/{incident_id}/actions", response=Done)
def post_action(request: HttpRequest, incident_id: DatabaseId, content: ActionBody) -> Done:
    """Do something with a case; the answer comes after the commit."""
    return carry_out(content, incident_id=incident_id, command_id=content.id, actor=_person(request))


@api.get("/matters", response=list[MatterShown])
def get_matters(request: HttpRequest) -> Sequence[Matter]:  # noqa: ARG001
    """Return what can be reported now."""
    return list(current_matters())


@api.get("/units/at", response=LocatedShown)
def get_unit_at(request: HttpRequest, lon: float, lat: float) -> Located:  # noqa: ARG001
    """Return the chain of units at a position (lon/lat, EPSG:4326)."""
    return unit_at(lon, lat)


def _person(request: HttpRequest) -> User:
    """Return who is logged in: `SessionAuth` lets nobody else come here."""
    return cast("User", request.user)


@api.exception_handler(LingeError)
def _tell(request: HttpRequest, error: LingeError) -> HttpResponse:
    status = next((status for kind, status in STATUSES.items() if isinstance(error, kind)), 422)
    response = _answer(request, status, error)
    if isinstance(error, RateLimited):
        response.headers["Retry-After"] = str(error.details["retry_after_s"])
    return response


@api.exception_handler(FieldError)
def _tell_field(request: HttpRequest, error: FieldError) -> HttpResponse:
    first = error.errors[0]
    return _answer(request, 422, fault_of_field(first["type"], first["loc"]))


@api.exception_handler(HttpError)
def _tell_http(request: HttpRequest, error: HttpError) -> HttpResponse:
    code, sentence = HTTP_ERRORS[error.status_code]
    return _answer(request, error.status_code, LingeError(code, sentence))


def _answer(request: HttpRequest, status: int, error: LingeError) -> HttpResponse:
    body = {"code": error.code, "message": str(error), "details": error.details}
    return api.create_response(request, body, status=status)
