"""People in templates."""

from __future__ import annotations

from django import template

from gis_grids.people import name_of

register = template.Library()
register.filter("name_of", name_of)
