"""Party members: their lists, who could become one, and each with roles, hub and contacts."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final, cast

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gis_grids.permissions import scope_of
from households.models import PartyMember
from households.selectors.party.access import access_member, access_resident
from households.selectors.party.contacts import link_page, offered_households
from households.selectors.party.members import (
    candidates,
    member_page,
    members_page,
    proposed_members,
)
from households.services.party.contacts import begin_contacts, end_contact, log_contact
from households.services.party.hubs import open_hub
from households.services.party.members import (
    appoint,
    correct_member,
    decide_on_member,
    enrol_member,
    release_member,
    transfer_member,
)
from mapui.office.doors import register_page
from mapui.office.party.desk import answer
from mapui.office.party.forms import (
    AppointForm,
    BeginForm,
    DayForm,
    EnrolForm,
    LogForm,
    MemberForm,
    TransferForm,
)
from mapui.office.party.organisations import read_after
from mapui.office.rules.saving import saved

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.http import HttpRequest, HttpResponse

    from gis_grids.permissions import Scope

#: So much of a name or an address is looked for.
_LONGEST: Final = 50


@register_page
@require_http_methods(["GET", "HEAD", "POST"])
def members(request: HttpRequest) -> HttpResponse:
    """List the members of the office's organisations; a name is posted, so that it stands in no address."""
    attendance = _choice(request, "attendance", PartyMember.Attendance.values)
    stage = _choice(request, "stage", PartyMember.Stage.values)
    name = _name(request)
    page = members_page(
        scope_of(request.user), attendance=attendance, stage=stage, name=name, after=read_after(request)
    )
    context = {
        "name": name,
        "page": page,
        "attendances": PartyMember.Attendance.choices,
        "stages": PartyMember.Stage.choices,
        "attendance": attendance,
        "stage": stage,
    }
    return render(request, "office/party/members.html", context)


@register_page
@require_safe
def approvals(request: HttpRequest) -> HttpResponse:
    """List who waits for a decision of the street."""
    return render(request, "office/party/approvals.html", {"rows": proposed_members(scope_of(request.user))})


@register_page
@require_http_methods(["GET", "HEAD", "POST"])
def find_resident(request: HttpRequest) -> HttpResponse:
    """Find who is to be entered; the name is posted, so that it stands in no address."""
    name = _name(request)
    found = candidates(scope_of(request.user), name) if name else None
    return render(request, "office/party/find.html", {"name": name, "found": found})


@register_page
@require_http_methods(["GET", "HEAD", "POST"])
def new_member(request: HttpRequest, resident_id: int) -> HttpResponse:
    """Enter a resident as a member."""
    resident = access_resident(_person(request), resident_id)
    form = EnrolForm(scope_of(request.user), request.POST or None)
    enrol = partial(enrol_member, resident_id=resident.pk)
    outcome = saved(request, form, enrol, _("The member is in the register."))
    if outcome.is_saved:
        return redirect("office_party_member", PartyMember.objects.get(resident=resident).pk)
    context = {"form": form, "title": resident.name}
    return render(request, "office/party/edit.html", context, status=outcome.status)


@register_page
@require_http_methods(["GET", "HEAD", "POST"])
def member(request: HttpRequest, member_id: int) -> HttpResponse:
    """Show a member, and correct what may be corrected."""
    person = _person(request)
    page = member_page(person, member_id)
    form = MemberForm(page.member, request.POST or None)
    correct = partial(correct_member, member_id=page.member.pk)
    outcome = saved(request, form, correct, _("The change is saved."))
    if outcome.is_saved:
        return redirect("office_party_member", page.member.pk)
    scope = scope_of(person)
    context = {
        "page": page,
        "form": form,
        "transfer_form": TransferForm(scope),
        "appoint_form": AppointForm(scope),
        "day_form": DayForm(),
    }
    return render(request, "office/party/member.html", context, status=outcome.status)


@register_page
@require_POST
def change_member(request: HttpRequest, member_id: int, deed: str) -> HttpResponse:
    """Transfer, appoint or release a member, decide on one, or make his home a hub."""
    one = access_member(_person(request), member_id)
    deeds = _deeds(scope_of(request.user))
    if deed not in deeds:
        raise Http404
    form, do, sentence = deeds[deed]
    answer(request, form(data=request.POST), do, sentence, member_id=one.pk)
    return redirect("office_party_member", one.pk)


@register_page
@require_http_methods(["GET", "HEAD", "POST"])
def choose_households(request: HttpRequest, member_id: int) -> HttpResponse:
    """Choose households that a member keeps contact with: those in need near him, or those of an address."""
    person = _person(request)
    one = access_member(person, member_id)
    address = request.POST.get("address", "").replace("\0", "").strip()[:_LONGEST]
    offered = offered_households(person, one, address)
    options = [(str(row.id), row.address) for row in offered]
    is_choice = "choose" in request.POST
    form = BeginForm(options, request.POST if is_choice else None)
    begin = partial(begin_contacts, member_id=one.pk)
    outcome = saved(request, form, begin, _("The contact begins."))
    if outcome.is_saved:
        return redirect("office_party_member", one.pk)
    context = {"member": one, "offered": offered, "form": form, "address": address}
    return render(request, "office/party/choose.html", context, status=outcome.status)


@register_page
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest, link_id: int) -> HttpResponse:
    """Show the log of a contact, and write to it."""
    page = link_page(_person(request), link_id)
    form = LogForm(request.POST or None)
    log = partial(log_contact, link_id=page.link.pk)
    outcome = saved(request, form, log, _("It is written down."))
    if outcome.is_saved:
        return redirect("office_party_contact", page.link.pk)
    context = {"page": page, "link": page.link, "form": form, "day_form": DayForm()}
    return render(request, "office/party/contact.html", context, status=outcome.status)


@register_page
@require_POST
def stop_contact(request: HttpRequest, link_id: int) -> HttpResponse:
    """End a contact."""
    page = link_page(_person(request), link_id)
    answer(request, DayForm(request.POST), end_contact, _("The contact has ended."), link_id=link_id)
    return redirect("office_party_member", page.link.member_id)


def _deeds(scope: Scope) -> dict[str, tuple[Any, Any, str]]:
    """Return the deeds by the end of their address: form, service, and what is said when it is done."""
    return {
        "transfer": (partial(TransferForm, scope), transfer_member, _("The member is transferred.")),
        "appoint": (partial(AppointForm, scope), appoint, _("The term begins.")),
        "release": (DayForm, release_member, _("The member has left.")),
        "approve": (DayForm, partial(decide_on_member, is_approved=True), _("The approval is noted.")),
        "refuse": (DayForm, partial(decide_on_member, is_approved=False), _("The refusal is noted.")),
        "hub": (DayForm, open_hub, _("The home of the member is a hub now.")),
    }


def _name(request: HttpRequest) -> str:
    return request.POST.get("name", "").replace("\0", "").strip()[:_LONGEST]


def _choice(request: HttpRequest, name: str, values: list[str]) -> str:
    chosen = (request.POST or request.GET).get(name, "")
    return chosen if chosen in values else ""


def _person(request: HttpRequest) -> User:
    return cast("User", request.user)
