"""The roof: what people see."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MapuiConfig(AppConfig):
    """Pages, sockets, tiles and the project's own settings."""

    name = "mapui"
    verbose_name = _("Maps and pages")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have every advance of the feed followed by a hint, whichever process it happens in."""
        from mapui.live.hints import register  # noqa: PLC0415 - it needs the models

        register()
