"""Who comes to the pages of the party register, and how their small forms are answered."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.views.decorators.cache import never_cache

from gis_grids.errors import NotFound
from gis_grids.permissions import OFFICE as OFFICE_POSTS
from mapui.faces import OFFICE, face_required
from mapui.office.rules.saving import done

if TYPE_CHECKING:
    from collections.abc import Callable

    from django import forms
    from django.http import HttpRequest, HttpResponse

    View = Callable[..., HttpResponse]


def party_page(view: View) -> View:
    """Let in who holds an office's post; answer 403 to other posts, 404 for what is none of his."""

    @wraps(view)
    @never_cache
    @face_required(OFFICE)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not request.reach.roots(OFFICE_POSTS):  # type: ignore[attr-defined]  # set by face_required
            raise PermissionDenied
        try:
            return view(request, *args, **kwargs)
        except NotFound as error:
            raise Http404(str(error)) from error

    return guarded


def answer(
    request: HttpRequest, form: forms.Form, deed: Callable[..., Any], sentence: str, **told: object
) -> None:
    """Do what a small form asks for, and say what came of it, or what is wrong with the form."""
    if form.is_valid():
        done(request, deed, sentence, **told, **form.cleaned_data)
        return
    for name, problems in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        messages.error(request, f"{label}: {problems[0]}" if label else str(problems[0]))
