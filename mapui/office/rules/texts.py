"""Message templates: what people begin a message with."""

from __future__ import annotations

from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from incidents.permissions import may_edit_catalogue
from incidents.selectors.templates import all_templates
from incidents.services.templates import delete_template, save_template
from mapui.faces import OFFICE, face_required
from mapui.office.rules.choices import matter_names
from mapui.office.rules.fields import ALL_MATTERS
from mapui.office.rules.forms import TemplateForm
from mapui.office.rules.saving import done, saved

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from incidents.models import MessageTemplate


@never_cache
@face_required(OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def templates(request: HttpRequest, template_id: int | None = None) -> HttpResponse:
    """List the templates by matter; write a new one, or the one that is named."""
    found = list(all_templates())
    template = next((each for each in found if each.pk == template_id), None)
    if template_id is not None and template is None:
        raise Http404
    form = TemplateForm(template, request.POST or None)
    outcome = saved(
        request, form, partial(save_template, template_id=template_id), _("The template is saved.")
    )
    if outcome.is_saved:
        return redirect("office_rules_templates")
    context = {
        "groups": _groups(found),
        "form": form,
        "chosen": template_id,
        "may_edit": may_edit_catalogue(request.reach),  # type: ignore[attr-defined]  # by face_required
    }
    return render(request, "office/rules/templates.html", context, status=outcome.status)


@never_cache
@face_required(OFFICE)
@require_POST
def remove_template(request: HttpRequest, template_id: int) -> HttpResponse:
    """Delete a template."""
    sentence = _("The template is deleted; messages that were sent stay.")
    done(request, delete_template, sentence, template_id=template_id)
    return redirect("office_rules_templates")


def _groups(found: list[MessageTemplate]) -> list[tuple[str, list[Any]]]:
    names = {"": str(ALL_MATTERS), **matter_names()}
    return [
        (names.get(code, code), list(rows)) for code, rows in groupby(found, key=lambda row: row.matter_code)
    ]
