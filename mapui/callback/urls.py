"""Addresses below /rate/."""

from __future__ import annotations

from django.urls import path

from mapui.callback.views import rating_code, rating_page

urlpatterns = [
    path("<str:token>/", rating_page, name="rate"),
    path("<str:token>/qr.svg", rating_code, name="rate_code"),
]
