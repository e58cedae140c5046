"""The address of the steps of a plan, below /planner/."""

from __future__ import annotations

from django.urls import path

from mapui.planner.steps.views import steps

urlpatterns = [path("<int:plan_id>/steps/", steps, name="planner_steps")]
