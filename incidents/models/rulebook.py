"""The version of what the office rules: which matters there are, their limits, routes and emergencies."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class RulebookVersion(models.Model):
    """The one row that gets a new value with every change of a table that `changes_rulebook` watches.

    It changes in the transaction of the change and never has a value again: who keeps what he has read
    together with the value may use it for as long as the value is there.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    version = models.UUIDField()

    class Meta:
        verbose_name = _("version of the rules")
        verbose_name_plural = _("version of the rules")
        constraints = (models.CheckConstraint(name="rulebookversion_one_row", condition=Q(id=1)),)

    def __str__(self) -> str:
        return str(self.version)


def changes_rulebook() -> pgtrigger.Trigger:
    """Return the trigger of a table whose rows are kept in `incidents.selectors.rulebook`."""
    return pgtrigger.Trigger(
        name="changes_rulebook",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete | pgtrigger.Truncate,
        func="""
            INSERT INTO incidents_rulebookversion (id, version) VALUES (1, gen_random_uuid())
            ON CONFLICT (id) DO UPDATE SET version = excluded.version;
            RETURN NULL;
        """,
    )
