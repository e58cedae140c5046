"""What a report says, checked by itself: before the database is asked anything."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID  # noqa: TC003 - a field's type

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput
from gis_grids.geometry.points import check_position
from gis_grids.services.texts import clean_text, read_phone
from incidents.models import Datum, PositionSource
from incidents.services.declared import Declared, read_declared
from incidents.workflow import Priority

if TYPE_CHECKING:
    from gis_grids.selectors import Extent

MAX_ACCURACY_M = 1_000_000.0
MAX_LON, MAX_LAT = 180.0, 90.0
#: How many steps an errand can have, and how long a step's title is at most, in characters.
MAX_STEPS = 20
MAX_STEP = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class DevicePoint:
    """Where a phone thought to be: degrees (EPSG:4326), metres, and the datum that it said it in."""

    lon: float
    lat: float
    accuracy_m: float
    datum: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReport:
    """A report as a phone sends it.

    ``report_id`` is made by the phone; ``reporter`` is a user's id, None for a resident without account;
    ``matter`` a code of the catalogue. ``lon``/``lat`` in degrees (EPSG:4326), times with their zone;
    ``sent_at`` by the device's clock, None where no device said it. ``device`` is where the phone was, if
    its holder set the pin elsewhere. ``household`` is the id of whom an errand is for, ``steps`` are that
    errand's own instead of its matter's. ``phone`` is what a resident leaves to be called; it's no part of
    what counts as the same report. ``received_at`` is given only when history is loaded.
    """

    report_id: UUID
    reporter: int | None
    matter: str
    text: str
    lon: float
    lat: float
    accuracy_m: float | None
    position_source: str
    observed_at: datetime
    sent_at: datetime | None
    device: DevicePoint | None = None
    priority: str = Priority.NORMAL
    household: int | None = None
    steps: tuple[str, ...] = ()
    attachments: tuple[Declared, ...] = ()
    phone: str = field(default="", repr=False)
    received_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A report whose content is sound by itself, in the form that is stored."""

    report_id: UUID
    reporter: int | None
    matter: str
    text: str
    lon: float
    lat: float
    accuracy_m: float | None
    position_source: str
    observed_at: datetime
    sent_at: datetime | None
    device: DevicePoint | None
    priority: Priority
    household: int | None
    steps: tuple[str, ...]
    attachments: tuple[Declared, ...]
    phone: str = field(repr=False)
    received_at: datetime

    @property
    def device_lon(self) -> float | None:
        """Degrees east, of the device."""
        return self.device.lon if self.device else None

    @property
    def device_lat(self) -> float | None:
        """Degrees north, of the device."""
        return self.device.lat if self.device else None

    @property
    def device_accuracy_m(self) -> float | None:
        """Metres, of the device."""
        return self.device.accuracy_m if self.device else None

    @property
    def device_datum(self) -> str:
        """The datum of the device's point; empty without one."""
        return self.device.datum if self.device else ""

    @property
    def clock_skew_s(self) -> float | None:
        """How far the device's clock is behind ours, in seconds; below 0: it is ahead; None: not known."""
        return (self.received_at - self.sent_at).total_seconds() if self.sent_at else None

    @property
    def digest(self) -> bytes:
        """SHA-256 of what was reported; not of when it was sent, which changes with every attempt.

        What a report need not have counts only where it has it: so a report of a phone that doesn't know
        of it keeps its digest.
        """
        said: dict[str, object] = {
            "reporter": self.reporter,
            "matter": self.matter,
            "text": self.text,
            "lon": self.lon,
            "lat": self.lat,
            "accuracy_m": self.accuracy_m,
            "position_source": self.position_source,
            "observed_at": self.observed_at.isoformat(),
        }
        further: dict[str, object] = {
            "priority": "" if self.priority is Priority.NORMAL else self.priority,
            "household": self.household,
            "steps": self.steps,
            "attachments": [_said_of(file) for file in self.attachments],
            "device": self.device and asdict(self.device),
        }
        said |= {name: value for name, value in further.items() if value}
        canonical = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).digest()


def read_content(report: NewReport, extent: Extent | None) -> Content:
    """Return the report in the form that is stored; ``extent`` is the box around all units, if any.

    Raises `BadInput` (``text.*``, ``report.*``, ``priority.unknown``, ``attachment.*``, ``contact.phone``) or
    `InvalidPoint` (``point.*``).
    """
    lon, lat = check_position(report.lon, report.lat, extent=extent)
    if report.position_source not in PositionSource.values:
        raise BadInput(
            "report.position_source",
            _("Say where the position comes from: %(choices)s."),
            {"choices": ", ".join(PositionSource.values)},
        )
    return Content(
        report_id=report.report_id,
        reporter=report.reporter,
        matter=report.matter,
        text=clean_text(report.text),
        lon=lon,
        lat=lat,
        accuracy_m=_accuracy(report.accuracy_m),
        position_source=report.position_source,
        observed_at=_utc(report.observed_at),
        sent_at=_utc(report.sent_at) if report.sent_at else None,
        device=_device(report.device),
        priority=_priority(report.priority),
        household=report.household,
        steps=_steps(report.steps),
        attachments=read_declared(report.attachments),
        phone=read_phone(report.phone),
        received_at=report.received_at or timezone.now(),
    )


def _said_of(file: Declared) -> list[object]:
    return [str(file.id), file.name, file.media_type, file.size, file.sha256]


def _device(device: DevicePoint | None) -> DevicePoint | None:
    if device is None:
        return None
    is_on_earth = abs(device.lon) <= MAX_LON and abs(device.lat) <= MAX_LAT
    if not is_on_earth or device.datum not in Datum.values:
        raise BadInput(
            "report.device",
            _("The place of the device needs a longitude, a latitude and one of these datums: %(choices)s."),
            {"choices": ", ".join(Datum.values)},
        )
    accuracy = _accuracy(device.accuracy_m)
    return device if accuracy is not None else None


def _priority(priority: str) -> Priority:
    try:
        return Priority(priority)
    except ValueError:
        raise BadInput(
            "priority.unknown", _("Choose one of: %(choices)s."), {"choices": ", ".join(sorted(Priority))}
        ) from None


def _steps(steps: tuple[str, ...]) -> tuple[str, ...]:
    titles = (clean_text(step, limit=MAX_STEP) for step in steps)
    clean = tuple(title for title in titles if title)
    if len(clean) > MAX_STEPS:
        raise BadInput(
            "report.steps", _("An errand has at most %(limit)s steps. Join some."), {"limit": MAX_STEPS}
        )
    return clean


def _accuracy(metres: float | None) -> float | None:
    if metres is None:
        return None
    if math.isfinite(metres) and 0 <= metres <= MAX_ACCURACY_M:
        return float(metres)
    raise BadInput(
        "report.accuracy",
        _("The accuracy must be a number of metres from 0 to %(limit)s, or be left out."),
        {"limit": int(MAX_ACCURACY_M)},
    )


def _utc(at: datetime) -> datetime:
    try:
        if at.tzinfo is not None:
            return at.astimezone(UTC)
    except OverflowError:
        pass
    raise BadInput("report.time", _("The times of a report need their zone and a year from 2 to 9998."))
