"""How a resident without account can be reached, apart from his case, and who has looked at it."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
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


class ContactReading(models.Model):
    """That somebody read a resident's number in clear, and why; kept when the number is gone."""

    incident = models.ForeignKey(
        Incident, on_delete=models.PROTECT, related_name="contact_readings", verbose_name=_("incident")
    )
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        verbose_name=_("reader"),
    )
    reason = models.CharField(_("reason"), max_length=200)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("reading of a contact")
        verbose_name_plural = _("readings of contacts")
        ordering = ("at", "pk")
        triggers = (pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),)

    def __str__(self) -> str:
        return f"{self.incident_id} {self.reader_id}"
