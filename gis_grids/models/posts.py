"""Posts: who is responsible for a unit, and since when."""

from __future__ import annotations

from django.conf import settings
from django.contrib.gis.db import models
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gis_grids.levels import PostKind
from gis_grids.models.units import Unit


class Post(models.Model):
    """A post (网格职务) in a unit, held by a person for a term, or vacant.

    A post gives its holder the unit's subtree as scope and, by its kind, a role. One person may hold
    several posts (S0: 互兼互任). A post with ``holder`` empty is known to be vacant.
    ``contact`` is the number of the service, for everybody to know: not the holder's own.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts", verbose_name=_("unit"))
    kind = models.CharField(_("kind"), max_length=24, choices=PostKind.choices)
    is_deputy = models.BooleanField(_("deputy"), default=False)
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="posts",
        null=True,
        blank=True,
        verbose_name=_("holder"),
    )
    term = DateTimeRangeField(_("term"))
    contact = models.CharField(_("service telephone"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        indexes = (
            models.Index(name="post_open_by_holder", fields=["holder"], condition=Q(term__upper_inf=True)),
        )
        constraints = (
            ExclusionConstraint(
                name="post_held_once",
                expressions=[
                    ("unit", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    ("holder", RangeOperators.EQUAL),
                    ("term", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(name="post_term_not_empty", condition=Q(term__isempty=False)),
            models.CheckConstraint(name="post_kind_known", condition=Q(kind__in=PostKind.values)),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.unit_id}"
