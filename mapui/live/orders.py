"""What goes on by command, as each wall is told: emergencies and broadcasts, with their answers in numbers.

It is looked for every second and told whole whenever it changes, so that no hint can be lost.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from gis_grids.selectors import ancestors
from incidents.selectors.orders import running
from mapui.wire import BroadcastShown, EmergencyShown, Orders

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from gis_grids.selectors import ChainLink
    from incidents.selectors.orders import RunningBroadcast, RunningEmergency
    from mapui.live.listener import Audience

NOTHING: Final = Orders(emergencies=[], broadcasts=[]).model_dump_json()


def orders_for(audiences: Collection[Audience]) -> dict[Audience, str]:
    """Return for each audience of walls the frame of what goes on in its units, or in one above them.

    Three queries, or two while nothing goes on anywhere.
    """
    now = running()
    if not (now.emergencies or now.broadcasts):
        return dict.fromkeys(audiences, NOTHING)
    above = ancestors({root for audience in audiences for root in audience.roots})
    emergencies = [(each.chain, _emergency(each)) for each in now.emergencies]
    broadcasts = [(each.chain, _broadcast(each)) for each in now.broadcasts]
    texts = {}
    for audience in audiences:
        ours = {unit for root in audience.roots for unit in above.get(root, ())}
        orders = Orders(
            emergencies=[shown for chain, shown in emergencies if _concerns(chain, audience.roots, ours)],
            broadcasts=[shown for chain, shown in broadcasts if _concerns(chain, audience.roots, ours)],
        )
        texts[audience] = orders.model_dump_json()
    return texts


def _concerns(chain: Sequence[ChainLink], roots: Collection[int], above: Collection[int]) -> bool:
    """Return whether the unit at the end of the chain lies under one of the roots, or over it."""
    return chain[-1].unit_id in above or any(link.unit_id in roots for link in chain)


def _emergency(row: RunningEmergency) -> EmergencyShown:
    return EmergencyShown(
        id=row.id,
        unit=row.chain[-1].unit_id,
        unit_name=row.chain[-1].name,
        reason=row.reason,
        since=row.since,
        area=json.loads(row.area) if row.area else None,
        orders=row.orders,
        addressed=row.answers.addressed,
        acknowledged=row.answers.acknowledged,
    )


def _broadcast(row: RunningBroadcast) -> BroadcastShown:
    return BroadcastShown(
        id=row.id,
        unit=row.chain[-1].unit_id,
        unit_name=row.chain[-1].name,
        sent_at=row.sent_at,
        until=row.until,
        area=json.loads(row.area),
        addressed=row.answers.addressed,
        acknowledged=row.answers.acknowledged,
    )
