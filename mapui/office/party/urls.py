"""Addresses of the party register: numbers only, no name."""

from __future__ import annotations

from django.urls import path

from mapui.office.party.gaps import gaps
from mapui.office.party.hubs import close_hub, hub, hubs
from mapui.office.party.members import (
    approvals,
    change_member,
    choose_households,
    contact,
    find_resident,
    member,
    members,
    new_member,
    stop_contact,
)
from mapui.office.party.organisations import (
    change_organisation,
    duty_done,
    edit_organisation,
    leave_joint,
    new_organisation,
    organisation,
    party,
    stop_role,
)

urlpatterns = [
    path("party/", party, name="office_party"),
    path("party/gaps/", gaps, name="office_party_gaps"),
    path("party/members/", members, name="office_party_members"),
    path("party/members/find/", find_resident, name="office_party_find"),
    path("party/members/new/<int:resident_id>/", new_member, name="office_party_member_new"),
    path("party/members/<int:member_id>/", member, name="office_party_member"),
    path("party/members/<int:member_id>/contacts/", choose_households, name="office_party_choose"),
    path("party/members/<int:member_id>/<slug:deed>/", change_member, name="office_party_member_change"),
    path("party/approvals/", approvals, name="office_party_approvals"),
    path("party/contacts/<int:link_id>/", contact, name="office_party_contact"),
    path("party/contacts/<int:link_id>/end/", stop_contact, name="office_party_contact_end"),
    path("party/hubs/", hubs, name="office_party_hubs"),
    path("party/hubs/<int:hub_id>/", hub, name="office_party_hub"),
    path("party/hubs/<int:hub_id>/end/", close_hub, name="office_party_hub_end"),
    path("party/new/", new_organisation, name="office_party_organisation_new"),
    path("party/<int:organisation_id>/", organisation, name="office_party_organisation"),
    path("party/<int:organisation_id>/edit/", edit_organisation, name="office_party_organisation_edit"),
    path("party/<int:organisation_id>/roles/<int:role_id>/end/", stop_role, name="office_party_role_end"),
    path(
        "party/<int:organisation_id>/joint/<int:joint_member_id>/end/",
        leave_joint,
        name="office_party_joint_end",
    ),
    path("party/<int:organisation_id>/duties/<int:duty_id>/done/", duty_done, name="office_party_duty_done"),
    path(
        "party/<int:organisation_id>/<slug:deed>/",
        change_organisation,
        name="office_party_organisation_change",
    ),
]
