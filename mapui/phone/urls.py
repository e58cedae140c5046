"""Addresses of the phone page."""

from __future__ import annotations

from django.urls import path

from mapui.phone.boards import board, boards
from mapui.phone.views import manifest, phone, shell, worker

urlpatterns = [
    path("", phone, name="phone"),
    path("boards/", boards, name="phone_boards"),
    path("boards/<int:board_id>/", board, name="phone_board"),
    path("sw.js", worker, name="phone_worker"),
    path("shell/<str:language>/", shell, name="phone_shell"),
    path("shell/<str:language>/manifest.webmanifest", manifest, name="phone_manifest"),
]
