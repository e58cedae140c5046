"""How many households live where: kept by the database itself, for maps that show no household."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from households.models.buildings import Building


class HouseholdCount(models.Model):
    """The households at a building; or, of those without a building, in a square of ground.

    ``x`` and ``y`` count the `counting.SQUARES` of EPSG:3857 eastward and northward from the corner in the
    south-west: they say in which one the building's symbol stands, or which one it is; ``square`` names it
    where there is no building. ``n`` counts households, ``n_party`` those of party members, ``n_hub`` the
    hubs among them, ``n_contact`` those that a member keeps contact with. Triggers add and take away what
    each statement on households and dwellings changes, and raise the version of the tile layer "households"
    with it; a row may be left with zeros.
    """

    building = models.ForeignKey(
        Building,
        on_delete=models.CASCADE,
        related_name="counts",
        db_index=False,
        null=True,
        verbose_name=_("building"),
    )
    square = models.BigIntegerField(null=True)
    x = models.IntegerField()
    y = models.IntegerField()
    n = models.IntegerField(_("households"))
    n_party = models.IntegerField(_("party-member households"))
    n_hub = models.IntegerField(_("party hub households"))
    n_contact = models.IntegerField(_("party contact households"), default=0, db_default=0)

    class Meta:
        verbose_name = _("count of households")
        verbose_name_plural = _("counts of households")
        indexes = (models.Index(name="householdcount_square", fields=["x", "y"]),)
        constraints = (
            models.UniqueConstraint(
                name="householdcount_once", fields=["building", "square"], nulls_distinct=False
            ),
        )

    def __str__(self) -> str:
        return f"{self.building_id or (self.x, self.y)}: {self.n}"
