"""Addresses of the office; a household is in none of them."""

from __future__ import annotations

from django.urls import path

from mapui.office.cases.export import export
from mapui.office.cases.late import late
from mapui.office.cases.page import case
from mapui.office.cases.views import case_list, saved_views
from mapui.office.views import office, unit, unsettled

urlpatterns = [
    path("", office, name="office"),
    path("units/<slug:code>/", unit, name="office_unit"),
    path("unsettled/", unsettled, name="office_unsettled"),
    path("cases/", case_list, name="office_cases"),
    path("cases/views/", saved_views, name="office_case_views"),
    path("cases/export/<slug:kind>/", export, name="office_cases_export"),
    path("cases/<slug:number>/", case, name="office_case"),
    path("late/", late, name="office_late"),
]
