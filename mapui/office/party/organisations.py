"""The tree of party organisations, and each of them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, cast

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gis_grids.permissions import scope_of
from households.models import PartyOrganisationKind
from households.permissions import named_roots
from households.selectors.party.access import access_organisation
from households.selectors.party.gaps import grids_below, lacking_in
from households.selectors.party.joint import duties_of, duties_overdue, joint_members
from households.selectors.party.members import members_page, proposed_members
from households.selectors.party.organisations import organisation_page
from households.selectors.party.tree import Counts, party_tree
from households.services.party.joint import finish_duty, join_committee, leave_committee, set_duty
from households.services.party.members import end_role
from households.services.party.organisations import (
    correct_organisation,
    end_organisation,
    found_organisation,
)
from mapui.office.doors import register_page
from mapui.office.party.desk import answer
from mapui.office.party.forms import DayForm, DoneForm, DutyForm, JoinForm, OrganisationForm
from mapui.office.party.words import GAPS, WARNINGS
from mapui.office.rules.saving import saved

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.http import HttpRequest, HttpResponse

    from households.models import PartyOrganisation
    from households.selectors.party.tree import OrganisationRow


@register_page
@require_safe
def party(request: HttpRequest) -> HttpResponse:
    """Show how many there are, what is missing, what is to be looked at, and the tree."""
    scope = scope_of(request.user)
    rows = party_tree(scope)
    grids = grids_below(named_roots(scope))
    total = Counts()
    for row in rows:
        total = total.plus(row.counts) if row.depth == 0 else total
    context = {
        "rows": [_told(row) for row in rows],
        "total": total,
        "organisations": len(rows),
        "gaps": [(gap.value, text, lacking_in(grids, gap)) for gap, text in GAPS.items()],
        "warned": [_told(row) for row in rows if row.warnings],
        "waiting": len(proposed_members(scope)),
        "overdue": list(duties_overdue(scope)[:20]),
    }
    return render(request, "office/party/party.html", context)


@register_page
@require_http_methods(["GET", "HEAD", "POST"])
def new_organisation(request: HttpRequest) -> HttpResponse:
    """Found an organisation."""
    form = OrganisationForm(scope_of(request.user), None, request.POST or None)
    outcome = saved(request, form, found_organisation, _("The organisation is in the register."))
    if outcome.is_saved:
        return redirect("office_party")
    context = {"form": form, "title": _("New party organisation")}
    return render(request, "office/party/edit.html", context, status=outcome.status)


@register_page
@require_http_methods(["GET", "HEAD", "POST"])
def edit_organisation(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """Give an organisation another name, place in the tree, or other grids."""
    organisation = access_organisation(_person(request), organisation_id)
    form = OrganisationForm(scope_of(request.user), organisation, request.POST or None)
    save = partial(correct_organisation, organisation_id=organisation.pk)
    outcome = saved(request, form, save, _("The change is saved."))
    if outcome.is_saved:
        return redirect("office_party_organisation", organisation.pk)
    context = {"form": form, "title": organisation.name, "organisation": organisation}
    return render(request, "office/party/edit.html", context, status=outcome.status)


@register_page
@require_safe
def organisation(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """Show an organisation with its leaders, members and what it is for; of a joint one its duties."""
    person = _person(request)
    page = organisation_page(person, organisation_id)
    scope = scope_of(person)
    is_joint = PartyOrganisationKind(page.organisation.kind).is_joint
    ids = [page.organisation.pk, *(row.id for row in page.below)]
    context: dict[str, Any] = {
        "page": page,
        "organisation": page.organisation,
        "told": page.row and _told(page.row),
        "below": [_told(row) for row in page.below],
        "is_joint": is_joint,
        "day_form": DayForm(),
        "members": None if is_joint else members_page(scope, organisation_ids=ids, after=read_after(request)),
    }
    if is_joint:
        members = list(joint_members(page.organisation))
        context |= {
            "joint_members": members,
            "duties": list(duties_of(page.organisation)[:100]),
            "join_form": JoinForm(person, scope),
            "duty_form": DutyForm(_member_options(page.organisation)),
            "done_form": DoneForm(),
        }
    return render(request, "office/party/organisation.html", context)


@register_page
@require_POST
def change_organisation(request: HttpRequest, organisation_id: int, deed: str) -> HttpResponse:
    """End an organisation, let somebody join a joint one, or give it something to do."""
    person = _person(request)
    committee = access_organisation(person, organisation_id)
    told = {"committee_id": committee.pk}
    if deed == "end":
        answer(request, DayForm(request.POST), end_organisation, _("The organisation has ended."),
               organisation_id=committee.pk)  # fmt: skip
    elif deed == "join":
        form = JoinForm(person, scope_of(person), request.POST)
        answer(request, form, join_committee, _("It is a member from now on."), **told)
    elif deed == "duty":
        answer(
            request, DutyForm(_member_options(committee), request.POST), set_duty, _("It is noted."), **told
        )
    else:
        raise Http404
    return redirect("office_party_organisation", committee.pk)


@register_page
@require_POST
def stop_role(request: HttpRequest, organisation_id: int, role_id: int) -> HttpResponse:
    """End the term of a role."""
    answer(request, DayForm(request.POST), end_role, _("The term has ended."), role_id=role_id)
    return redirect("office_party_organisation", organisation_id)


@register_page
@require_POST
def leave_joint(request: HttpRequest, organisation_id: int, joint_member_id: int) -> HttpResponse:
    """End a membership of a joint committee."""
    form = DayForm(request.POST)
    answer(request, form, leave_committee, _("It is a member no more."), joint_member_id=joint_member_id)
    return redirect("office_party_organisation", organisation_id)


@register_page
@require_POST
def duty_done(request: HttpRequest, organisation_id: int, duty_id: int) -> HttpResponse:
    """Note that a duty was done."""
    answer(request, DoneForm(request.POST), finish_duty, _("It is noted as done."), duty_id=duty_id)
    return redirect("office_party_organisation", organisation_id)


def _told(row: OrganisationRow) -> dict[str, Any]:
    """Return a row with its warnings in words."""
    return {"row": row, "warnings": [WARNINGS[warning] for warning in row.warnings]}


def _member_options(committee: PartyOrganisation) -> list[tuple[str, str]]:
    rows = joint_members(committee).filter(days__upper_inf=True)
    return [(str(row.pk), str(row.organisation or row.local_unit)) for row in rows]


def read_after(request: HttpRequest) -> int:
    """Return the number after which a page of a list begins."""
    after = request.GET.get("after", "")
    return int(after) if after.isascii() and after.isdigit() and len(after) < 19 else 0  # noqa: PLR2004


def _person(request: HttpRequest) -> User:
    return cast("User", request.user)
