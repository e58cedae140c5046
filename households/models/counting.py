"""Triggers by which the database counts the households at each building (`households.models.counts`)."""

from __future__ import annotations

from typing import Final

import pgtrigger

#: Squares per side of the world map (EPSG:3857), for households that are known by a point and no building:
#: 19 m at the equator, 15 m in Beijing. A finer one would show where a household is.
SQUARES: Final = 2**21
_HALF_M: Final = 20_037_508.342789244

#: The square, eastward (X) or northward (Y), of a point in EPSG:3857.
_SQUARE: Final = "floor((ST_{axis}({point}) / {half} + 1) / 2 * {squares})::int"


def _square(axis: str, point: str) -> str:
    return _SQUARE.format(axis=axis, point=point, half=_HALF_M, squares=SQUARES)


_ADD_UP: Final = f"""
WITH changed (building_id, place, is_party, is_hub, is_contact, sign) AS (
    {{changed}}
),
moved AS (
    SELECT building_id, x::bigint * {SQUARES} + y AS square, x, y, sum(sign) AS n,
           sum(sign * is_party::int) AS n_party, sum(sign * is_hub::int) AS n_hub,
           sum(sign * is_contact::int) AS n_contact
    FROM changed CROSS JOIN LATERAL (
        SELECT CASE WHEN building_id IS NULL THEN ST_Transform(place, 3857) END AS at
    ) there
    CROSS JOIN LATERAL (SELECT {_square("X", "at")} AS x, {_square("Y", "at")} AS y) here
    WHERE building_id IS NOT NULL OR place IS NOT NULL
    GROUP BY building_id, x, y
    HAVING sum(sign) <> 0 OR sum(sign * is_party::int) <> 0 OR sum(sign * is_hub::int) <> 0
        OR sum(sign * is_contact::int) <> 0
),
counted AS (
    INSERT INTO households_householdcount AS own (building_id, square, x, y, n, n_party, n_hub, n_contact)
    SELECT m.building_id, m.square, coalesce(m.x, {_square("X", "b.spot_3857")}),
           coalesce(m.y, {_square("Y", "b.spot_3857")}), m.n, m.n_party, m.n_hub, m.n_contact
    FROM moved m LEFT JOIN households_building b ON b.id = m.building_id
    ORDER BY 1, 2  -- in one order: two transactions never wait for each other
    ON CONFLICT (building_id, square) DO UPDATE
    SET n = own.n + excluded.n, n_party = own.n_party + excluded.n_party, n_hub = own.n_hub + excluded.n_hub,
        n_contact = own.n_contact + excluded.n_contact
    RETURNING 1
)
SELECT count(*) INTO moves FROM counted;
IF moves > 0 THEN
    {{bump}}
END IF;
RETURN NULL;
"""  # noqa: S608 - constants only
_BUMP: Final = """
INSERT INTO gis_grids_mapversion (layer, version) VALUES ('households', extract(epoch FROM now())::bigint)
ON CONFLICT (layer) DO UPDATE SET version = gis_grids_mapversion.version + 1;
"""
_HOUSEHOLDS: Final = """
    SELECT d.building_id, h.place, h.is_party_member_household, h.is_party_hub_household,
           h.is_party_contact_household, {sign}
    FROM {rows} h LEFT JOIN households_dwelling d ON d.id = h.dwelling_id
    WHERE h.ended_on IS NULL
"""
_DWELLINGS: Final = """
    SELECT d.building_id, h.place, h.is_party_member_household, h.is_party_hub_household,
           h.is_party_contact_household, {sign}
    FROM old_values o JOIN new_values n ON n.id = o.id AND n.building_id <> o.building_id
    JOIN {rows} d ON d.id = o.id
    JOIN households_household h ON h.dwelling_id = o.id AND h.ended_on IS NULL
"""


def _trigger(name: str, operation: pgtrigger.Operation, *parts: str, **tables: str) -> pgtrigger.Trigger:
    changed = "    UNION ALL".join(parts)
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(**tables),
        declare=[("moves", "bigint")],
        func=_ADD_UP.format(changed=changed.strip(), bump=_BUMP.strip()),
    )


def counts_households() -> tuple[pgtrigger.Trigger, ...]:
    """Return the triggers of the table of households."""
    old = _HOUSEHOLDS.format(sign="-1", rows="old_values")
    new = _HOUSEHOLDS.format(sign="1", rows="new_values")
    return (
        _trigger("counted_in", pgtrigger.Insert, new, new="new_values"),
        _trigger("counted_out", pgtrigger.Delete, old, old="old_values"),
        _trigger("counted_anew", pgtrigger.Update, old, new, old="old_values", new="new_values"),
    )


def counts_moved_dwellings() -> pgtrigger.Trigger:
    """Return the trigger of the table of dwellings: one may have been entered in the wrong building."""
    old = _DWELLINGS.format(sign="-1", rows="old_values")
    new = _DWELLINGS.format(sign="1", rows="new_values")
    return _trigger("moved_with_households", pgtrigger.Update, old, new, old="old_values", new="new_values")


def moves_counts() -> pgtrigger.Trigger:
    """Return the trigger of the table of buildings: another footprint puts its count elsewhere on the map."""
    return pgtrigger.Trigger(
        name="moves_counts",
        when=pgtrigger.After,
        operation=pgtrigger.UpdateOf("footprint"),
        func=f"""
            UPDATE households_householdcount
            SET x = {_square("X", "NEW.spot_3857")}, y = {_square("Y", "NEW.spot_3857")}
            WHERE building_id = NEW.id;
            IF FOUND THEN
                {_BUMP.strip()}
            END IF;
            RETURN NULL;
        """,  # noqa: S608 - constants only
    )
