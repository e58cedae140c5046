"""What was overwritten in a register: the value before, by whom and when."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from gis_grids.models.sealed import SealedTextField


class Correction(models.Model):
    """A field of a row that was set anew, and what stood there before; sealed, as it may be personal.

    ``model`` is the row's table as Django names it ("households.organisation"). What happened to a thing is
    a dated row of its own; a correction says that the register had it wrong.
    """

    model = models.CharField(_("table"), max_length=60)
    row = models.CharField(_("row"), max_length=40)
    field = models.CharField(_("field"), max_length=60)
    before = SealedTextField(_("before"), blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ("-at", "-pk")
        indexes = (models.Index(name="correction_of_row", fields=["model", "row", "-at"]),)
        triggers = (pgtrigger.ReadOnly(name="stays_as_it_was", exclude=["before"]),)

    def __str__(self) -> str:
        return f"{self.model} {self.row} {self.field}"
