"""The second floor: what happens."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IncidentsConfig(AppConfig):
    """The catalogue of matters, incidents, their workflow and the feed."""

    name = "incidents"
    verbose_name = _("Incidents")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Take part in plans, and in every change of boundaries: open cases follow them, by a job."""
        from gis_grids import hooks  # noqa: PLC0415 - models load after the apps
        from incidents.selectors.plans import impact, zone_figures  # noqa: PLC0415
        from incidents.services.rehoming import rehome_for_boundaries  # noqa: PLC0415

        hooks.on_boundaries_changed.append(rehome_for_boundaries)
        hooks.zone_figures.append(zone_figures)
        hooks.plan_impacts["cases"] = impact
