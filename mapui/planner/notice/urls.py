"""The office's side of the public notice, below /planner/."""

from __future__ import annotations

from django.urls import path

from mapui.planner.notice.desk import notice, printed

urlpatterns = [
    path("<int:plan_id>/notice/", notice, name="planner_notice"),
    path("<int:plan_id>/notice/print/", printed, name="planner_notice_print"),
]
