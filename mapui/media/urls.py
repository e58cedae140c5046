"""Addresses below /media/."""

from __future__ import annotations

from django.urls import path

from mapui.media.views import show_board_photo, show_file, show_followed

urlpatterns = [
    path("<uuid:attachment_id>", show_file, name="media"),
    path("boards/<int:hanging_id>", show_board_photo, name="media_board"),
    path("follow/<str:token>/<uuid:attachment_id>", show_followed, name="media_followed"),
]
