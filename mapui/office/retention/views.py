"""The classes of personal data, how long each is kept, and what the last nights took away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from gis_grids.errors import LingeError
from gis_grids.models import RetentionRun
from gis_grids.personal import KEEP_LABELS, Keep
from gis_grids.selectors.retention import kept, may_set_rules
from gis_grids.services.retention import MAX_BASIS, MAX_DAYS, forget, set_rule
from mapui.faces import OFFICE, face_required

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.http import HttpRequest, HttpResponse

_SHOWN_RUNS: Final = 14
_UNPROCESSABLE, _FORBIDDEN = 422, 403


class RuleForm(forms.Form):
    """For how long a class is kept from now on."""

    keep = forms.ChoiceField(label=gettext_lazy("What is kept"), choices=list(KEEP_LABELS.items()))
    days = forms.IntegerField(label=gettext_lazy("Days"), min_value=1, max_value=MAX_DAYS)
    basis = forms.CharField(label=gettext_lazy("What this rests on"), max_length=MAX_BASIS)


@never_cache
@face_required(OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def retention(request: HttpRequest) -> HttpResponse:
    """Show rules and runs; the office of the district sets rules, and tries out what tonight would take."""
    may_set, status = may_set_rules(request.reach), 200  # type: ignore[attr-defined]  # set by face_required
    form = RuleForm(request.POST if request.method == "POST" and "keep" in request.POST else None)
    if request.method == "POST":
        if _done(request, form, may_set=may_set):
            return redirect("office_retention")
        status = _UNPROCESSABLE if may_set else _FORBIDDEN
    runs = RetentionRun.objects.select_related("asked_by")[:_SHOWN_RUNS]
    context = {
        "form": form,
        "may_set": may_set,
        "rows": [(KEEP_LABELS[row.keep], row) for row in kept()],
        "runs": [(run, [(KEEP_LABELS[Keep(part["keep"])], part) for part in run.found]) for run in runs],
    }
    return render(request, "office/retention/retention.html", context, status=status)


def _done(request: HttpRequest, form: RuleForm, *, may_set: bool) -> bool:
    user = cast("User", request.user)
    if not form.is_bound:
        if may_set:
            forget(is_dry=True, asked_by=user)
        return may_set
    if not form.is_valid():
        return False
    try:
        set_rule(actor=user, **form.cleaned_data)
    except LingeError as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, _("From now on it is kept for so long."))
    return True
