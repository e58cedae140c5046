"""The plain page from which a telephone gets the certificate: over HTTP, as it trusts no HTTPS of ours yet.

An ASGI application of its own, without database and settings: bin/demo --https serves it beside the site.
"""

from __future__ import annotations

import html
import os
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from mapui.trust.certificates import Files, as_der, fingerprint

if TYPE_CHECKING:
    from starlette.requests import Request

FILE_NAME = "linge-authority.crt"

_PAGE = Template((Path(__file__).parent / "page.html").read_text())


def application_for(files: Files, site_port: int) -> Starlette:
    """Return the application for these certificates; it leads to the site at this port of the same host."""

    async def trust(request: Request) -> Response:
        host = request.url.hostname or "localhost"
        site = f"https://{f'[{host}]' if ':' in host else host}:{site_port}/"
        known = fingerprint(files.authority)
        page = _PAGE.substitute(file_name=FILE_NAME, fingerprint=known, site=html.escape(site))
        return HTMLResponse(page, headers={"Cache-Control": "no-store"})

    async def certificate(_request: Request) -> Response:
        # This type makes telephones offer to install it.
        return Response(as_der(files.authority), media_type="application/x-x509-ca-cert")

    return Starlette(routes=[Route("/", trust), Route(f"/{FILE_NAME}", certificate)])


def application() -> Starlette:
    """Return the application that the environment names: uvicorn's factory."""
    return application_for(Files(Path(os.environ["TLS_FOLDER"])), int(os.environ["SITE_PORT"]))
