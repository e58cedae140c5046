"""Addresses of the office; a household is in none of them."""

from __future__ import annotations

from django.urls import path

from mapui.office.views import office, unit, unsettled

urlpatterns = [
    path("", office, name="office"),
    path("units/<slug:code>/", unit, name="office_unit"),
    path("unsettled/", unsettled, name="office_unsettled"),
]
