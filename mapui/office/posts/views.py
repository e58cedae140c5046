"""The list of posts, the units that lack one, a person's posts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.contrib.auth import get_user_model
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from gis_grids.levels import PostKind
from gis_grids.people import name_of
from gis_grids.selectors.posts import PostFilter, Standing, gaps, posts_below, posts_of_person
from mapui.faces import OFFICE, face_required
from mapui.office.posts.forms import FilterForm
from mapui.office.posts.rows import rows_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from gis_grids.permissions import Scope

PAGE_SIZE: Final = 50
#: Where the session keeps the name that is looked for: it stands in no address, and so in no log.
_PERSON: Final = "posts_person"


@never_cache
@face_required(OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def posts(request: HttpRequest) -> HttpResponse:
    """List the posts of the reader's subtrees; a name is posted, and looked for until it is taken away."""
    if request.method == "POST":
        request.session[_PERSON] = request.POST.get("person", "").replace("\0", "").strip()[:50]
        return redirect(request.get_full_path())
    form, person = FilterForm(request.GET), request.session.get(_PERSON, "")
    told = form.cleaned_data if form.is_valid() else {}
    wanted = PostFilter(
        words=told.get("words", ""),
        kind=PostKind(told["kind"]) if told.get("kind") else None,
        standing=Standing(told["standing"]) if told.get("standing") else None,
        person=person,
    )
    roots = _scope(request).roots(OFFICE.kinds)
    page = Paginator(posts_below(roots, wanted), PAGE_SIZE).get_page(request.GET.get("page"))
    asked = request.GET.copy()
    asked.pop("page", None)
    context = {
        "form": form,
        "person": person,
        "page": page,
        "rows": rows_of(page.object_list),
        "query": asked.urlencode(),
    }
    return render(request, "office/posts/list.html", context)


@never_cache
@face_required(OFFICE)
@require_safe
def lacking(request: HttpRequest) -> HttpResponse:
    """List the units in which nobody has the post that somebody must have."""
    found = gaps(_scope(request).roots(OFFICE.kinds))
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "office/posts/gaps.html", {"page": page, "query": ""})


@never_cache
@face_required(OFFICE)
@require_safe
def person(request: HttpRequest, user_id: int) -> HttpResponse:
    """Show what posts somebody has and had, as far as the reader's subtrees reach."""
    found = list(posts_of_person(user_id, _scope(request).roots(OFFICE.kinds)))
    if not found:
        raise Http404
    someone = get_user_model().objects.get(pk=user_id)
    context: dict[str, Any] = {"name": name_of(someone), "rows": rows_of(found)}
    return render(request, "office/posts/person.html", context)


def _scope(request: HttpRequest) -> Scope:
    scope: Scope = request.reach  # type: ignore[attr-defined]  # set by face_required
    return scope
