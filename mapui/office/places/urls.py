"""Addresses of the pages of places: a household or an address is in none of them."""

from __future__ import annotations

from django.urls import path

from mapui.office.places.building import building, buildings
from mapui.office.places.coverage import coverage_map
from mapui.office.places.responsible import responsible
from mapui.office.places.worklist import places

urlpatterns = [
    path("places/", places, name="office_places"),
    path("coverage/", coverage_map, name="office_coverage"),
    path("responsible/", responsible, name="office_responsible"),
    path("buildings/", buildings, name="office_buildings"),
    path("buildings/<int:building_id>/", building, name="office_building"),
]
