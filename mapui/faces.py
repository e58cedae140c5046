"""The faces of Linge, and which posts open them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _

from gis_grids import permissions as roles
from gis_grids.levels import PostKind
from gis_grids.permissions import scope_of
from gis_grids.selectors.plans.access import READERS
from households.permissions import HANGERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse
    from django.utils.functional import _StrPromise

    from gis_grids.permissions import Scope


@dataclass(frozen=True, slots=True)
class Face:
    """A page for one kind of work; ``kinds`` are the posts that open it."""

    path: str
    title: _StrPromise
    summary: _StrPromise
    kinds: frozenset[PostKind]


WALL = Face("/wall/", _("Wall map"), _("What is happening now, where, and what is late"), roles.SCREENS)
PHONE = Face(
    "/phone/", _("Phone"), _("Report an incident and follow it"), frozenset(PostKind) - roles.AUDITORS
)
OFFICE = Face("/office/", _("Office"), _("Units, posts and coverage"), roles.SCREENS)
PLANNER = Face(
    "/planner/",
    _("Planner"),
    _("Redraw boundaries, see whom a line moves, publish"),
    READERS,
)
ACCESS = Face(
    "/office/access/", _("Access records"), _("Who has read personal data, and why"), roles.AUDITORS
)
#: A part of the phone, reached from it: for who hangs notice boards.
BOARDS = Face("/phone/boards/", _("Notice boards"), _("Which are to be hung anew"), HANGERS)
FACES = (WALL, PHONE, OFFICE, PLANNER, ACCESS)


def faces_of(scope: Scope) -> list[Face]:
    """Return the faces that the posts of a scope open, in the order of FACES."""
    return [face for face in FACES if scope.roots(face.kinds)]


def face_required(face: Face) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Let in only who holds a post that opens the face; ``request.reach`` is then the scope of his posts.

    Anonymous visitors are led to the log-in, others get 403.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        @login_required
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            scope = scope_of(request.user)
            if not scope.roots(face.kinds):
                raise PermissionDenied
            request.reach = scope  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)

        return guarded

    return decorate
