"""The first floor: who lives there."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HouseholdsConfig(AppConfig):
    """Buildings, dwellings, households and the unit each belongs to."""

    name = "households"
    verbose_name = _("Households")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Take part in every change of boundaries: a redraw re-homes households in its own transaction."""
        from gis_grids.hooks import on_boundaries_changed  # noqa: PLC0415 - models load after the apps
        from households.services.places import rehome_for_boundaries  # noqa: PLC0415

        on_boundaries_changed.append(rehome_for_boundaries)
