"""The roof: what people see."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MapuiConfig(AppConfig):
    """Pages, sockets, tiles and the project's own settings."""

    name = "mapui"
    verbose_name = _("Maps and pages")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have every advance of the feed followed by a hint, and sheets of notice boards set on paper."""
        from households import hooks  # noqa: PLC0415 - models load after the apps
        from mapui.live.hints import register  # noqa: PLC0415
        from mapui.office.boards.sheets import printed  # noqa: PLC0415

        register()
        hooks.sheet_setters.append(printed)
