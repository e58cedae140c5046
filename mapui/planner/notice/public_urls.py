"""The public's side of the notice, below /notice/."""

from __future__ import annotations

from django.urls import path

from mapui.planner.notice.public import public_notice

urlpatterns = [path("<str:token>/", public_notice, name="notice")]
