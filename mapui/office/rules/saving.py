"""What the pages of the rules do alike: try to save, and show what was refused beside what was typed."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.contrib import messages

from gis_grids.errors import LingeError, Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from mapui.office.rules.forms import RuleForm


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether something was saved, else with which status the form is shown again."""

    is_saved: bool
    status: HTTPStatus = HTTPStatus.OK


def saved(request: HttpRequest, form: RuleForm, save: Callable[..., Any], sentence: str) -> Outcome:
    """Save what was posted, and say so; a form that was not posted is shown as it is."""
    if not form.is_bound:
        return Outcome(is_saved=False)
    if form.is_valid():
        try:
            save(actor=request.user, **form.cleaned_data)
        except LingeError as error:
            form.refuse(error.code, str(error))
            if isinstance(error, Refused):
                return Outcome(is_saved=False, status=HTTPStatus.FORBIDDEN)
        else:
            messages.success(request, sentence)
            return Outcome(is_saved=True)
    return Outcome(is_saved=False, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def done(request: HttpRequest, deed: Callable[..., Any], sentence: str, **told: object) -> None:
    """Do something that needs no form, and say what came of it."""
    try:
        deed(actor=request.user, **told)
    except LingeError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, sentence)
