"""How a resident without account can be reached, apart from his case."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from gis_grids.models.sealed import SealedTextField
from incidents.models.incidents import Incident


class ResidentContact(models.Model):
    """The telephone number that a resident gave with his report.

    It is there for questions about this one case, and is deleted some time after its end.
    """

    incident = models.OneToOneField(
        Incident,
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="contact",
        verbose_name=_("incident"),
    )
    phone = SealedTextField(_("telephone number"), max_length=20)
    given_at = models.DateTimeField(_("given at"))

    class Meta:
        verbose_name = _("resident's contact")
        verbose_name_plural = _("residents' contacts")

    def __str__(self) -> str:
        return str(self.incident_id)
