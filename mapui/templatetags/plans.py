"""Figures of plans in templates: before and after, and shares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils.html import format_html

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

    from mapui.planning.changes import Change, Deviation

register = template.Library()
_NONE = "–"


@register.simple_tag
def change(figures: Change) -> SafeString:
    """Show a number before and after, and the difference if there is one."""
    before, after = (_NONE if each is None else f"{each:,.0f}" for each in (figures.before, figures.after))
    if before == after:
        return format_html("<span>{}</span>", after)
    whole = format_html("<span>{} → <b>{}</b></span>", before, after)
    if None in (figures.before, figures.after):
        return whole
    difference = f"{figures.difference:+,.0f}".replace("-", "\N{MINUS SIGN}")
    return format_html('{} <small class="difference">{}</small>', whole, difference)


@register.simple_tag
def off(was: Deviation | None, now: Deviation | None) -> SafeString:
    """Show how far a zone was and will be from the norm; what is beyond the tolerance stands out."""
    if was is None and now is None:
        return format_html("{}", _NONE)
    before, after = (_NONE if each is None else signed_percent(each.share) for each in (was, now))
    name = "" if now is None or now.is_fine else "off"
    return format_html('{} → <b class="{}">{}</b>', before, name, after)


@register.filter
def signed_percent(share: float) -> str:
    """Return a share with its sign: +12 %, −3 %."""
    return f"{share * 100:+.0f} %".replace("-", "\N{MINUS SIGN}")


@register.filter
def percent(share: float) -> str:
    """Return a share in whole percent; all but everything is never called everything: 99.9 %."""
    whole = f"{share:.0%}"
    return f"{share:.1%}" if whole == "100%" and share < 1 else whole
