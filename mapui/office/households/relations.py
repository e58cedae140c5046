"""What somebody probably is to a new head, from what both were to the former one. Pure; a clerk decides."""

from __future__ import annotations

from typing import Final

from households.models import Residence

_R = Residence.Relation

#: By what the new head was: what who was this becomes. Nothing is said of whom it isn't sure.
_SEEN_ANEW: Final[dict[str, dict[str, Residence.Relation]]] = {
    _R.SPOUSE: {_R.HEAD: _R.SPOUSE, _R.CHILD: _R.CHILD, _R.GRANDCHILD: _R.GRANDCHILD},
    _R.CHILD: {
        _R.HEAD: _R.PARENT,
        _R.SPOUSE: _R.PARENT,
        _R.CHILD: _R.SIBLING,
        _R.PARENT: _R.GRANDPARENT,
        _R.GRANDCHILD: _R.CHILD,
    },
    _R.PARENT: {
        _R.HEAD: _R.CHILD,
        _R.PARENT: _R.SPOUSE,
        _R.CHILD: _R.GRANDCHILD,
        _R.SIBLING: _R.CHILD,
        _R.GRANDPARENT: _R.PARENT,
    },
    _R.SIBLING: {_R.HEAD: _R.SIBLING, _R.PARENT: _R.PARENT, _R.SIBLING: _R.SIBLING},
    _R.GRANDCHILD: {_R.HEAD: _R.GRANDPARENT, _R.SPOUSE: _R.GRANDPARENT, _R.CHILD: _R.PARENT},
    _R.GRANDPARENT: {_R.HEAD: _R.GRANDCHILD, _R.PARENT: _R.CHILD, _R.SIBLING: _R.GRANDCHILD},
}


def relation_to(new_head: str, other: str) -> Residence.Relation:
    """Return what ``other`` is to the new head; both are what they were to the former one."""
    if other == _R.TENANT:
        return _R.TENANT
    return _SEEN_ANEW.get(new_head, {}).get(other, _R.OTHER)
