"""Addresses of the planner."""

from __future__ import annotations

from django.urls import include, path

from mapui.planner.views import plan, plans

urlpatterns = [
    path("", plans, name="planner"),
    path("<int:plan_id>/", plan, name="planner_plan"),
    path("", include("mapui.planner.steps.urls")),
    path("", include("mapui.planner.report.urls")),
    path("", include("mapui.planner.notice.urls")),
    path("", include("mapui.planner.asof.urls")),
]
