"""Addresses of the wall."""

from __future__ import annotations

from django.urls import path

from mapui.wall.views import wall

urlpatterns = [path("", wall, name="wall")]
