"""Addresses below /api/."""

from __future__ import annotations

from django.urls import path

from mapui.api.endpoints import api

urlpatterns = [path("", api.urls)]
