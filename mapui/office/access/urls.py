"""Addresses of what has to do with personal data: numbers of things are in them, never a name."""

from __future__ import annotations

from django.urls import path

from mapui.office.access.reveal import reveal
from mapui.office.access.views import export, records
from mapui.office.exports.views import exports
from mapui.office.persons.views import person_data
from mapui.office.retention.views import retention

urlpatterns = [
    path("access/", records, name="office_access"),
    path("access/export/<slug:kind>/", export, name="office_access_export"),
    path("exports/", exports, name="office_exports"),
    path("retention/", retention, name="office_retention"),
    path("households/<int:household_id>/reveal/", reveal, name="office_household_reveal"),
    path("residents/<int:resident_id>/data/", person_data, name="office_person_data"),
]
