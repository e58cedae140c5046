"""The catalogue of matters: its list, and the editor of a matter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gis_grids.errors import LingeError, Refused, Stale
from gis_grids.levels import PostKind
from incidents.models import Matter, Mode
from incidents.permissions import may_edit_catalogue
from incidents.selectors.matters import fields_of, latest_matters
from incidents.services.matters import restore_matter, save_matter, withdraw_matter
from incidents.workflow import Priority
from mapui.faces import OFFICE, face_required
from mapui.office.rules.history import names_of, versions_of
from mapui.office.rules.matter_form import MatterForm

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.http import HttpRequest, HttpResponse, QueryDict

MOST_WORDS = 60


@never_cache
@face_required(OFFICE)
@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """List the matters in their latest versions, withdrawn ones apart."""
    words = request.GET.get("q", "").replace("\0", "").strip()[:MOST_WORDS]
    asked = {"q": words, "class": request.GET.get("class", ""), "bearer": request.GET.get("bearer", "")}
    found = [_row(matter) for matter in latest_matters().order_by("order", "code") if _fits(matter, asked)]
    context = {
        "asked": asked,
        "classes": Matter.Class.choices,
        "bearers": Matter.Bearer.choices,
        "matters": [row for row in found if row["matter"].is_current],
        "withdrawn": [row for row in found if not row["matter"].is_current],
        "may_edit": _may_edit(request),
    }
    return render(request, "office/rules/catalogue.html", context)


@never_cache
@face_required(OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def matter(request: HttpRequest, code: str | None = None) -> HttpResponse:
    """Show a matter with its versions; write the next version, or a new matter."""
    latest = _latest(code) if code is not None else None
    form = MatterForm(latest, request.POST or None)
    trouble: LingeError | None = None
    if request.method == "POST" and form.is_valid():
        try:
            saved = save_matter(
                actor=cast("User", request.user),
                code=form.matter_code,
                fields=form.matter_fields(form.cleaned_data),
                expected_version=_version(request.POST) if latest else 0,
            )
        except LingeError as error:
            trouble = error
            form.add_error("code" if error.code == "matter.code_taken" else None, str(error))
        else:
            _say_saved(request, latest, saved)
            return redirect("office_rules_matter", code=saved.code)
    return _editor(request, latest, form, trouble)


@never_cache
@face_required(OFFICE)
@require_POST
def change_matter(request: HttpRequest, code: str, deed: str) -> HttpResponse:
    """Withdraw or restore a matter."""
    deeds = {
        "withdraw": (withdraw_matter, _("The matter was withdrawn: it can't be reported any more.")),
        "restore": (restore_matter, _("The matter can be reported again.")),
    }
    if deed not in deeds:
        raise Http404
    change, sentence = deeds[deed]
    try:
        change(actor=cast("User", request.user), code=code, expected_version=_version(request.POST))
    except LingeError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, sentence)
    return redirect("office_rules_matter", code=code)


def _editor(
    request: HttpRequest, latest: Matter | None, form: MatterForm, trouble: LingeError | None
) -> HttpResponse:
    versions = versions_of(latest.code) if latest else []
    seen = _version(request.POST) if form.is_bound and latest else latest.version if latest else 0
    is_stale = isinstance(trouble, Stale)
    context = {
        "form": form,
        "matter": latest,
        "versions": versions,
        "seen_version": seen,
        "is_stale": is_stale,
        "theirs": [
            (version.row, names_of(version.row.changed))
            for version in versions
            if is_stale and version.row.matter.version > seen
        ],
        "may_edit": _may_edit(request),
    }
    status = 403 if isinstance(trouble, Refused) else 409 if is_stale else 422 if form.errors else 200
    return render(request, "office/rules/matter.html", context, status=status)


def _say_saved(request: HttpRequest, before: Matter | None, saved: Matter) -> None:
    if before and saved.version == before.version:
        messages.info(request, _("Nothing was changed."))
        return
    sentence = _(
        "Version %(n)s is saved and counts for what is reported from now on; running cases keep theirs."
    )
    messages.success(request, sentence % {"n": saved.version})


def _latest(code: str) -> Matter:
    found = latest_matters().filter(code=code).first()
    if found is None:
        raise Http404
    return found


def _row(matter: Matter) -> dict[str, Any]:
    fields = fields_of(matter)
    return {
        "matter": matter,
        "limits": fields.limits.get((Priority.NORMAL, Mode.NORMAL)),
        "route": [PostKind(kind).label for kind in fields.route],
    }


def _fits(matter: Matter, asked: dict[str, str]) -> bool:
    texts = (matter.code, matter.name_zh, matter.name_en, matter.legal_basis)
    return (
        any(asked["q"].casefold() in text.casefold() for text in texts)
        and asked["class"] in {"", matter.matter_class}
        and asked["bearer"] in {"", matter.bearer}
    )


def _version(told: QueryDict) -> int:
    """Return the version that the editor looked at; -1 for what is none, which is never the latest."""
    text = told.get("over") or told.get("expected_version", "")
    version = int(text) if text.isdecimal() and len(text) < 6 else -1  # noqa: PLR2004 - 16 bits
    return version or -1


def _may_edit(request: HttpRequest) -> bool:
    return may_edit_catalogue(request.reach)  # type: ignore[attr-defined]  # set by face_required
