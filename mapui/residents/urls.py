"""Addresses below /report/: what stands in the QR codes of notice boards, so none of them ever changes."""

from __future__ import annotations

from django.urls import path

from mapui.residents.follow import follow, follow_code
from mapui.residents.ground import ground
from mapui.residents.report import report

urlpatterns = [
    path("", report, name="report"),
    path("ground.json", ground, name="report_ground"),
    path("follow/<str:token>/", follow, name="report_follow"),
    path("follow/<str:token>/qr.svg", follow_code, name="report_follow_code"),
    path("<slug:code>/", report, name="report_unit"),
]
