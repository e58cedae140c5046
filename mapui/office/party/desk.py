"""How the small forms of the party register are answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages

from mapui.office.rules.saving import done

if TYPE_CHECKING:
    from collections.abc import Callable

    from django import forms
    from django.http import HttpRequest, HttpResponse

    View = Callable[..., HttpResponse]


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
