"""Addresses of the phone page."""

from __future__ import annotations

from django.urls import path

from mapui.phone.views import phone

urlpatterns = [path("", phone, name="phone")]
