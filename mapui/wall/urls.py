"""Addresses of the wall."""

from __future__ import annotations

from django.urls import path

from mapui.wall.command.views import households, report
from mapui.wall.raster_tiles import answer_raster
from mapui.wall.views import wall

urlpatterns = [
    path("", wall, name="wall"),
    path("raster/<slug:name>/<int:z>/<int:x>/<int:y>", answer_raster, name="raster"),
    path("emergencies/<int:emergency_id>/", report, name="wall_emergency"),
    path("emergencies/<int:emergency_id>/households/", households, name="wall_emergency_households"),
]
