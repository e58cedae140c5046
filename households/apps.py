"""The first floor: who lives there."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HouseholdsConfig(AppConfig):
    """Buildings, dwellings, households and the unit each belongs to."""

    name = "households"
    verbose_name = _("Households")
    default_auto_field = "django.db.models.BigAutoField"
