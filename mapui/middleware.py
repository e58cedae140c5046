"""Content-Security-Policy, with the setting of Django 6 (``SECURE_CSP``): the upgrade deletes this file."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from asgiref.sync import iscoroutinefunction
from django.conf import settings
from django.utils.decorators import sync_and_async_middleware
from django.utils.functional import SimpleLazyObject

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

NONCE = "'nonce'"


def _policy(nonce: str) -> str:
    directives = []
    for name, sources in settings.SECURE_CSP.items():
        allowed = (f"'nonce-{nonce}'" if source == NONCE else source for source in sources)
        directives.append(" ".join((name, *allowed)))
    return "; ".join(directives)


@sync_and_async_middleware
def content_security_policy(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    """Give a request its nonce, for the inline scripts that libraries write, and the answer the policy."""

    def prepare(request: HttpRequest) -> None:
        request.csp_nonce = SimpleLazyObject(lambda: secrets.token_urlsafe(16))  # type: ignore[attr-defined]

    def finish(request: HttpRequest, response: HttpResponse) -> HttpResponse:
        response.headers.setdefault("Content-Security-Policy", _policy(str(request.csp_nonce)))  # type: ignore[attr-defined]
        return response

    if iscoroutinefunction(get_response):

        async def answer_async(request: HttpRequest) -> HttpResponse:
            prepare(request)
            return finish(request, await get_response(request))

        return answer_async

    def answer(request: HttpRequest) -> HttpResponse:
        prepare(request)
        return finish(request, get_response(request))

    return answer
