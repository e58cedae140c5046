"""Addresses of the register: numbers only, no name and no address."""

from __future__ import annotations

from django.urls import path

from mapui.office.households.views import do, household, households, needs, new_household

urlpatterns = [
    path("households/", households, name="office_households"),
    path("households/new/", new_household, name="office_household_new"),
    path("households/needs/", needs, name="office_household_needs"),
    path("households/<int:household_id>/", household, name="office_household"),
    path("households/<int:household_id>/<slug:deed>/", do, name="office_household_do"),
    path("households/<int:household_id>/<slug:deed>/<int:about>/", do, name="office_household_do_about"),
]
