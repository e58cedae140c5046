"""Static files beside Django, so that they cost its middleware nothing (docs/decisions/0005)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

if TYPE_CHECKING:
    import os

    from starlette.responses import Response
    from starlette.types import ASGIApp, Receive, Scope, Send

#: What ManifestStaticFilesStorage puts into a name: the hash of the content.
_HASHED: Final = re.compile(r"\.[0-9a-f]{12}\.[^/]+$")
_FOREVER: Final = "public, max-age=31536000, immutable"
_ASK_AGAIN: Final = "no-cache"


class CollectedFiles(StaticFiles):
    """What collectstatic wrote, and nothing else; a file with its hash in the name never changes."""

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        """Return the file with its cache rules."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        is_hashed = _HASHED.search(str(full_path))
        response.headers["Cache-Control"] = _FOREVER if is_hashed else _ASK_AGAIN
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response


def with_static_files(application: ASGIApp) -> ASGIApp:
    """Return the application with the collected files in front of it, at STATIC_URL."""
    files = CollectedFiles(directory=settings.STATIC_ROOT, check_dir=False)
    static = Starlette(
        routes=[Mount(settings.STATIC_URL.rstrip("/"), app=files)],
        middleware=[Middleware(GZipMiddleware, compresslevel=6)],
    )

    async def serve(scope: Scope, receive: Receive, send: Send) -> Any:  # noqa: ANN401 - ASGI
        chosen = static if scope["path"].startswith(settings.STATIC_URL) else application
        await chosen(scope, receive, send)

    return serve
