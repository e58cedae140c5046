"""Matters in templates: their pictures, and limits as people read them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django import template
from django.utils.html import format_html

from mapui.pages.icons import icon_paths
from mapui.pages.spans import span

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

register = template.Library()

_CHIP = (
    '<svg class="matter-icon" viewBox="0 0 24 24" aria-hidden="true"><rect width="24" height="24" rx="6" '
    'fill="{}"/><g class="icon" transform="translate(3.600 3.600) scale(.7)"><path d="{}"/></g></svg>'
)


@register.simple_tag
def matter_icon(name: str, colour: str = "#e4ecf3") -> SafeString:
    """Show the picture of a matter on its colour; that of other matters where there is no such picture."""
    paths = icon_paths()
    return format_html(_CHIP, colour, paths.get(name, paths["other"]))


@register.filter
def minutes(length: int) -> str:
    """Return a limit in minutes as people read it: 30 min, 2 h, 7 d."""
    return span(dt.timedelta(minutes=length))
