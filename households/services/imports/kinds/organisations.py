"""Organisations out of a table: where they are, and whom to ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.contrib.gis.geos import Point
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gis_grids.sealing import normal
from households.models import Organisation, OrganisationKind
from households.services.imports.cells import choice, person_name, text
from households.services.imports.kinds.base import Kind
from households.services.imports.kinds.single import plan_of, write_plans
from households.services.imports.kinds.where import ADDRESS, COORDINATES, Whereabouts, composed
from households.services.imports.repeats import Repeats
from households.services.imports.rows import Column, Outcome, Plan, named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from households.models import ImportRun
    from households.services.imports.ledger import Ledger
    from households.services.imports.rows import ReadRow

_FIELDS: Final = ("name", "kind", "contact_name", "contact_phone", "note")
_COLUMNS: Final = (
    Column(
        key="name",
        label=_("Name"),
        headings=named("单位名称|Name|名称|单位|机构名称|企业名称|Organisation"),
        read=text(100),
        is_required=True,
        is_free=True,
    ),
    Column(
        key="kind",
        label=_("Kind"),
        headings=named("类型|Kind|单位类型|单位性质|类别|性质|Type"),
        read=choice(
            dict(OrganisationKind.choices),
            authority="机关 政府机关 行政机关",
            institution="事业单位 学校 医院",
            company="企业 公司",
            shop="商户 个体 个体工商户 店铺 门店",
            property="物业 物业公司",
            social="社会组织 社团",
        ),
    ),
    *(column for column in ADDRESS if column.key == "address"),
    Column(
        key="contact_name",
        label=_("Contact person"),
        headings=named("联系人|Contact person|负责人|法人|联系人姓名|Contact"),
        read=person_name,
    ),
    Column(
        key="contact_phone",
        label=pgettext_lazy("column", "Phone"),
        headings=named("电话|Phone|联系电话|联系方式|联系人电话|手机|Telephone"),
        read=text(40),
    ),
    Column(
        key="note",
        label=_("Note"),
        headings=named("备注|Note|说明|简介"),
        read=text(500),
        is_free=True,
    ),
    *COORDINATES,
)


class OrganisationTaker:
    """Knows an organisation by its name, and where there are several of it, by its address too."""

    def __init__(self, run: ImportRun, crs: str, ledger: Ledger) -> None:
        self._ledger = ledger
        self._where = Whereabouts(run, crs)
        self._repeats = Repeats()

    def plan(self, rows: Sequence[ReadRow]) -> list[Plan]:
        """Say what becomes of each row."""
        spots = self._where.find(rows)
        places = self._where.building_places([spot.building_id for spot in spots])
        names = {row.values["name"] for row in rows if "name" in row.values}
        made = set(self._ledger.ids_made(Organisation))
        known: dict[str, list[Organisation]] = {}
        for one in Organisation.objects.filter(name__in=names, days__upper_inf=True).exclude(pk__in=made):
            if self._where.is_inside((one.place.x, one.place.y)):
                known.setdefault(one.name, []).append(one)
        plans = []
        for row, spot in zip(rows, spots, strict=True):
            row.drop("address.no_room", "dwelling.new")
            place = spot.place or places.get(spot.building_id or 0)
            plans.append(self._planned(row, place, known))
        return plans

    def write(self, plans: Sequence[Plan]) -> None:
        """Enter new organisations, and correct those that are there."""
        days = DateRange(timezone.localdate(), None)
        write_plans(self._ledger, Organisation, plans, kind=OrganisationKind.OTHER, days=days)

    def finish(self) -> None:
        """Nothing is left to do."""

    def _planned(
        self, row: ReadRow, place: tuple[float, float] | None, known: dict[str, list[Organisation]]
    ) -> Plan:
        name, address = row.values.get("name", ""), composed(row.values)
        there = known.get(name, [])
        same = [one for one in there if normal(one.address) == normal(address)] if len(there) > 1 else there
        if len(same) > 1:
            row.refuse("organisation.several")
        if not same and place is None and not row.is_bad:
            row.refuse("address.missing")
        if row.is_bad:
            return Plan(row, Outcome.BAD)
        if not self._repeats.take(row, (name, address)):
            return Plan(row, Outcome.BAD if row.is_bad else Outcome.LEFT)
        facts: dict[str, Any] = {key: row.values[key] for key in _FIELDS if key in row.values}
        facts |= {"address": address} if address else {}
        facts |= {"place": Point(*place, srid=4326)} if place and (not same or "lon" in row.values) else {}
        return plan_of(row, same[0] if same else None, facts)


ORGANISATIONS: Final = Kind(
    key="organisations",
    columns=_COLUMNS,
    taker=OrganisationTaker,
    other_labels={"place": pgettext_lazy("column", "Place")},
)
