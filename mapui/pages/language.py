"""The catalogue of the strings that scripts show, one address per language so that it can be cached."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import Http404
from django.utils import translation
from django.views.decorators.cache import cache_control
from django.views.i18n import JavaScriptCatalog

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

_catalogue = JavaScriptCatalog.as_view(domain="djangojs", packages=None)


@cache_control(public=True, max_age=300)
def javascript_catalog(request: HttpRequest, language: str) -> HttpResponseBase:
    """Answer the catalogue of one of the site's languages."""
    if language not in dict(settings.LANGUAGES):
        raise Http404
    with translation.override(language):
        return _catalogue(request)
