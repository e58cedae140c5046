"""The ground floor: where things are."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GisGridsConfig(AppConfig):
    """Units, boundaries, posts, facilities, coordinates."""

    name = "gis_grids"
    verbose_name = _("Grids")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Forget in time what is kept for a time."""
        from gis_grids import hooks  # noqa: PLC0415 - models load after the apps
        from gis_grids.services.retention import FORGETTINGS  # noqa: PLC0415

        hooks.forgettings.extend(FORGETTINGS)
