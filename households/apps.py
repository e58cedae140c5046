"""The first floor: who lives there."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HouseholdsConfig(AppConfig):
    """Buildings, dwellings, households and the unit each belongs to."""

    name = "households"
    verbose_name = _("Households")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Take part in plans, and in every change of boundaries: a redraw re-homes households at once."""
        from gis_grids import hooks  # noqa: PLC0415 - models load after the apps
        from households.selectors.census import zone_figures  # noqa: PLC0415
        from households.selectors.plan_checks import check_plan  # noqa: PLC0415
        from households.selectors.plan_impact import impact  # noqa: PLC0415
        from households.services.cares import pass_buildings_on  # noqa: PLC0415
        from households.services.forgetting import FORGETTINGS  # noqa: PLC0415
        from households.services.parts import follow_boundaries  # noqa: PLC0415
        from households.services.party.organisations import follow_codes  # noqa: PLC0415
        from households.services.places import rehome_for_boundaries  # noqa: PLC0415

        hooks.on_boundaries_changed.extend([follow_boundaries, rehome_for_boundaries, follow_codes])
        hooks.on_handed_over.append(pass_buildings_on)
        hooks.zone_figures.append(zone_figures)
        hooks.plan_checks.append(check_plan)
        hooks.plan_impacts["households"] = impact
        hooks.forgettings.extend(FORGETTINGS)
