"""Who changed what in the life of a household, and when: written with the change."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from households.models.households import Household
from households.models.residents import Resident


class HouseholdChange(models.Model):
    """A change of a household, or of who lives in it: who made it, and from which day on it holds.

    The dated rows themselves say how it was before; only of a correction, which overwrites, ``fields`` names
    what was corrected. It holds no personal data, and no service alters it.
    """

    class What(models.TextChoices):
        OPENED = "opened", pgettext_lazy("household change", "Entered in the register")
        CORRECTED = "corrected", pgettext_lazy("household change", "Corrected")
        MOVED_IN = "moved_in", pgettext_lazy("household change", "Moved in")
        MOVED_OUT = "moved_out", pgettext_lazy("household change", "Moved out")
        ROLE = "role", pgettext_lazy("household change", "Role in the household")
        HEAD = "head", pgettext_lazy("household change", "New head")
        REPRESENTATIVE = "representative", pgettext_lazy("household change", "New representative")
        PERSON = "person", pgettext_lazy("household change", "Person corrected")
        MERGED = "merged", pgettext_lazy("household change", "Merged")
        SPLIT = "split", pgettext_lazy("household change", "Split")
        ENDED = "ended", pgettext_lazy("household change", "Ended")
        REOPENED = "reopened", pgettext_lazy("household change", "Reopened")
        NEED = "need", pgettext_lazy("household change", "Need")
        UNIT = "unit", pgettext_lazy("household change", "Unit set by hand, or by the map again")

    household = models.ForeignKey(
        Household, on_delete=models.CASCADE, related_name="changes", verbose_name=_("household")
    )
    resident = models.ForeignKey(
        Resident,
        on_delete=models.SET_NULL,
        related_name="changes",
        null=True,
        blank=True,
        verbose_name=_("resident"),
    )
    what = models.CharField(_("what"), max_length=16, choices=What.choices)
    day = models.DateField(_("from which day"))
    fields = models.CharField(_("fields"), max_length=200, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("changed by")
    )
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("change of a household")
        verbose_name_plural = _("changes of households")
        ordering = ("-at", "-pk")
        indexes = (models.Index(name="householdchange_by_household", fields=["household", "-at"]),)

    def __str__(self) -> str:
        return f"{self.household_id} {self.what} {self.day}"
