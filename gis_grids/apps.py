"""The ground floor: where things are."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GisGridsConfig(AppConfig):
    """Units, boundaries, posts, facilities, coordinates."""

    name = "gis_grids"
    verbose_name = _("Grids")
    default_auto_field = "django.db.models.BigAutoField"
