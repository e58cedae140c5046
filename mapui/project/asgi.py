"""The front door: static files, pages and sockets, and the life of the hub."""

from __future__ import annotations

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mapui.project.settings")
django_application = get_asgi_application()

# Django must be set up before anything is imported that knows models.
from channels.auth import AuthMiddlewareStack  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.urls import path, re_path  # noqa: E402

from mapui.consumers.gate import Gate, unknown_path  # noqa: E402
from mapui.consumers.phone import PhoneConsumer  # noqa: E402
from mapui.consumers.plan import PlanConsumer  # noqa: E402
from mapui.consumers.wall import WallConsumer  # noqa: E402
from mapui.live.life import lifespan  # noqa: E402
from mapui.project.static import with_static_files  # noqa: E402
from mapui.tiles.shortcut import Shortcut  # noqa: E402

sockets = [
    path("ws/wall/", WallConsumer.as_asgi()),
    path("ws/phone/", PhoneConsumer.as_asgi()),
    path("ws/plan/<int:plan_id>/", PlanConsumer.as_asgi()),
    re_path("", unknown_path),  # type: ignore[arg-type]
]

application = ProtocolTypeRouter(
    {
        "http": with_static_files(Shortcut(django_application)),  # type: ignore[arg-type]
        "websocket": Gate(AuthMiddlewareStack(URLRouter(sockets))),
        "lifespan": lifespan,
    }
)
