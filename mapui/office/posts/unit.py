"""The posts of one unit with their history, and an appointment; and one post with what was done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gis_grids.errors import LingeError
from gis_grids.levels import PostKind
from gis_grids.models import Post
from gis_grids.people import name_of
from gis_grids.permissions import may_give
from gis_grids.selectors import chains
from gis_grids.selectors.hierarchy import descendant_ids
from gis_grids.selectors.posts import posts_of_unit
from gis_grids.services.post_acts import appoint
from households.selectors.cares import CARERS
from incidents.selectors.tasks import tasks_of_post
from mapui.faces import OFFICE, face_required
from mapui.office.posts.deeds import DEEDS
from mapui.office.posts.forms import (
    AppointForm,
    BuildingsForm,
    CorrectForm,
    EndForm,
    HandOverForm,
    beginning_of,
    end_of,
)
from mapui.office.posts.rows import last_day, row_of, rows_of
from mapui.office.reading import unit_in_scope

if TYPE_CHECKING:
    from django import forms
    from django.contrib.auth.models import User
    from django.http import HttpRequest, HttpResponse

    from gis_grids.permissions import Scope
    from gis_grids.selectors import ChainLink

_UNPROCESSABLE = 422


@never_cache
@face_required(OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def unit_posts(request: HttpRequest, code: str) -> HttpResponse:
    """Show the posts of a unit, and appoint somebody; what was typed stays until it is stored."""
    scope = _scope(request)
    version, chain = unit_in_scope(scope, code)
    form = AppointForm(scope, chain, request.POST or None, kind=request.GET.get("kind", ""))
    if request.method == "POST" and form.is_valid() and _appointed(request, form, version.unit_id):
        return redirect("office_posts_unit", code=code)
    context = {
        "version": version,
        "chain": chain,
        "rows": rows_of(posts_of_unit(version.unit_id)),
        "form": form if form.fields["kind"].choices else None,  # type: ignore[attr-defined]
    }
    return render(request, "office/posts/unit.html", context, status=_UNPROCESSABLE if form.errors else 200)


def _appointed(request: HttpRequest, form: AppointForm, unit_id: int) -> bool:
    told, actor = form.cleaned_data, cast("User", request.user)
    try:
        with transaction.atomic():
            given = appoint(
                actor=actor,
                unit_id=unit_id,
                kind=PostKind(told["kind"]),
                holder_id=form.holder(actor),
                is_deputy=told["is_deputy"],
                since=beginning_of(told["since"]),
                until=end_of(told["until"]),
                contact=told["contact"],
                note=told["note"],
            )
    except LingeError as error:
        form.add_error(None, str(error))
        return False
    messages.success(
        request, _("The appointment is stored.") if given.holder_id else _("The post is noted as vacant.")
    )
    return True


@never_cache
@face_required(OFFICE)
@require_safe
def post(request: HttpRequest, post_id: int) -> HttpResponse:
    """Show a post: its term, what was done with it, and what can be."""
    found, chain = _post(request, post_id)
    return _page(request, found, chain)


@never_cache
@face_required(OFFICE)
@require_POST
def change_post(request: HttpRequest, post_id: int, deed: str) -> HttpResponse:
    """Hand a post over, end its term or put it right; a refusal keeps what was typed."""
    found, chain = _post(request, post_id)
    if deed not in DEEDS:
        raise Http404
    if not _may_give(request, found, chain):
        raise PermissionDenied
    form = _forms(request, found, deed).get(deed)
    if form is None:  # a vacant post has nobody who hands it over
        raise Http404
    if form.is_valid():
        try:
            shown = DEEDS[deed].do(cast("User", request.user), found, form)
        except LingeError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, DEEDS[deed].sentence)
            return redirect("office_posts_post", post_id=shown.pk)
    return _page(request, found, chain, {deed: form})


def _page(
    request: HttpRequest,
    found: Post,
    chain: tuple[ChainLink, ...],
    refused: dict[str, forms.Form] | None = None,
) -> HttpResponse:
    row = row_of(found)
    may = row.is_open and _may_give(request, found, chain)
    context = {
        "row": row,
        "chain": chain,
        "acts": [(act, name_of(act.actor), _others(act, found)) for act in _acts(found)],
        "may": may,
        "forms": {**_forms(request, found), **(refused or {})} if may else {},
        "tasks": _tasks(found),
    }
    return render(request, "office/posts/post.html", context, status=_UNPROCESSABLE if refused else 200)


def _may_give(request: HttpRequest, found: Post, chain: tuple[ChainLink, ...]) -> bool:
    return may_give(_scope(request), PostKind(found.kind), [link.unit_id for link in chain])


def _forms(request: HttpRequest, found: Post, deed: str = "") -> dict[str, Any]:
    """Return the form of each deed; that of the one that is asked for with what was typed."""
    roots = _scope(request).roots(OFFICE.kinds)
    told = {name: request.POST if name == deed else None for name in DEEDS}
    right = {"contact": found.contact, "until": last_day(found)}
    made: dict[str, Any] = {}
    if found.holder_id is not None:
        made["hand-over"] = HandOverForm(roots, told["hand-over"])
    if found.kind in CARERS:
        made["buildings"] = BuildingsForm(found, told["buildings"])
    return made | {
        "correct": CorrectForm(told["correct"], initial=right),
        "end": EndForm(told["end"]),
    }


def _acts(found: Post) -> list[Any]:
    """Return what was done with a post, and the hand-over by which it began, the latest first."""
    acts = [*found.acts.select_related("actor", "successor__holder", "post__holder")]
    began = [*found.began_by.select_related("actor", "successor__holder", "post__holder")]
    return sorted({act.pk: act for act in (*acts, *began)}.values(), key=lambda act: act.at, reverse=True)


def _others(act: Any, found: Post) -> str:  # noqa: ANN401 - an act
    """Return who is at the other end of a hand-over."""
    if act.successor is None:
        return ""
    other = act.successor if act.post_id == found.pk else act.post
    return name_of(other.holder) if other.holder else ""


def _tasks(found: Post) -> int:
    """Return how many open cases a hand-over would pass on."""
    if found.holder_id is None:
        return 0
    return tasks_of_post(found.holder_id, found.unit_id, timezone.now(), but=found.pk).count()


def _post(request: HttpRequest, post_id: int) -> tuple[Post, tuple[ChainLink, ...]]:
    roots = _scope(request).roots(OFFICE.kinds)
    posts = Post.objects.filter(pk=post_id, unit__in=descendant_ids(roots)).select_related("unit", "holder")
    found = posts.first()
    if found is None:
        raise Http404
    return found, chains([found.unit_id])[found.unit_id]


def _scope(request: HttpRequest) -> Scope:
    scope: Scope = request.reach  # type: ignore[attr-defined]  # set by face_required
    return scope
