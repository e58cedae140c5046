"""What single actions do beside moving the case: the room for a new action.

An effect takes the `Deed` and checks first, then changes; it raises a `LingeError` and nothing has happened.
When it runs, the action is allowed, has all it needs, and has stopped its clocks; the state of the case is
still that of before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from incidents.services.effects.admission import blacklist
from incidents.services.effects.endings import cancel, rate, reopen, request_reopen, resolve
from incidents.services.effects.limits import (
    extend,
    hold,
    prioritise,
    recategorise,
    refuse_extension,
    request_extension,
)
from incidents.services.effects.merging import merge, unmerge
from incidents.services.effects.moving import move
from incidents.services.effects.parts import complete_step, follow_up, split
from incidents.workflow import Action

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from incidents.services.deed import Deed

EFFECTS: Mapping[Action, Callable[[Deed], None]] = {
    Action.BLACKLIST: blacklist,
    Action.CANCEL: cancel,
    Action.COMPLETE_STEP: complete_step,
    Action.EXTEND: extend,
    Action.FOLLOW_UP: follow_up,
    Action.HOLD: hold,
    Action.MERGE: merge,
    Action.MOVE: move,
    Action.PRIORITISE: prioritise,
    Action.RATE: rate,
    Action.RECATEGORISE: recategorise,
    Action.REFUSE_EXTENSION: refuse_extension,
    Action.REOPEN: reopen,
    Action.REQUEST_EXTENSION: request_extension,
    Action.REQUEST_REOPEN: request_reopen,
    Action.RESOLVE: resolve,
    Action.SELF_HANDLE: resolve,
    Action.SPLIT: split,
    Action.UNMERGE: unmerge,
}
