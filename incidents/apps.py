"""The second floor: what happens."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IncidentsConfig(AppConfig):
    """The catalogue of matters, incidents, their workflow and the feed."""

    name = "incidents"
    verbose_name = _("Incidents")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Take part in plans, changes of boundaries and hand-overs of posts: open cases follow, by jobs."""
        from gis_grids import hooks  # noqa: PLC0415 - models load after the apps
        from households import hooks as household_hooks  # noqa: PLC0415
        from incidents.selectors.plans import impact, zone_figures  # noqa: PLC0415
        from incidents.services.forgetting import FORGETTINGS, empty_errands  # noqa: PLC0415
        from incidents.services.hand_overs import enqueue_cases  # noqa: PLC0415
        from incidents.services.rehoming import rehome_for_boundaries  # noqa: PLC0415

        hooks.on_boundaries_changed.append(rehome_for_boundaries)
        hooks.on_handed_over.append(enqueue_cases)
        hooks.zone_figures.append(zone_figures)
        hooks.plan_impacts["cases"] = impact
        hooks.forgettings.extend(FORGETTINGS)
        household_hooks.on_emptied.append(empty_errands)
