"""Answers that a telephone keeps for when it has no network."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.utils.cache import get_conditional_response
from pydantic_core import to_json

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase


def kept(request: HttpRequest, answer: object) -> HttpResponse:
    """Return the answer as JSON under the name of its content (ETag), or 304 for who has it.

    It may be about persons: no cache of a browser or proxy keeps it (``no-store``); the page keeps it where
    a log-out wipes it.
    """
    body = to_json(answer, fallback=str)
    etag = f'"{sha256(body).hexdigest()[:32]}"'
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if response is None:
        response = HttpResponse(body, content_type="application/json")
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "no-store"
    return response  # type: ignore[return-value]
