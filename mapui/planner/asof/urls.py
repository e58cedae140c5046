"""The address of the boundaries of a day, below /planner/."""

from __future__ import annotations

from django.urls import path

from mapui.planner.asof.views import asof

urlpatterns = [path("asof/", asof, name="planner_asof")]
