"""Posts: who is responsible for a unit, and since when."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.contrib.gis.db import models
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

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
            models.CheckConstraint(name="post_kind_known", condition=Q(kind__in=sorted(PostKind.values))),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.unit_id}"


class PostAct(models.Model):
    """What an office did with a post: who, when, and from when on it counts. Append-only.

    ``post`` is the term that began or ended or was put right; of a hand-over the one that ended, and
    ``successor`` the one that began at the same moment. ``details`` keeps what a correction overwrote, by the
    names of the fields, and how many open cases a hand-over told of.
    """

    class Deed(models.TextChoices):
        APPOINT = "appoint", pgettext_lazy("post act", "Appointed")
        NOTE_VACANT = "note_vacant", pgettext_lazy("post act", "Noted as vacant")
        HAND_OVER = "hand_over", pgettext_lazy("post act", "Handed over")
        END = "end", pgettext_lazy("post act", "Ended")
        CORRECT = "correct", pgettext_lazy("post act", "Corrected")

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="acts", verbose_name=_("post"))
    successor = models.ForeignKey(
        Post,
        on_delete=models.CASCADE,
        related_name="began_by",
        null=True,
        blank=True,
        verbose_name=_("post of the successor"),
    )
    deed = models.CharField(_("what was done"), max_length=12, choices=Deed.choices)
    counts_from = models.DateTimeField(_("counts from"))
    at = models.DateTimeField(_("at"), auto_now_add=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("done by")
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    details = models.JSONField(_("details"), default=dict, blank=True)

    class Meta:
        verbose_name = _("act on a post")
        verbose_name_plural = _("acts on posts")
        ordering = ("-at", "-pk")
        constraints = (
            models.CheckConstraint(
                name="postact_deed_known",
                condition=Q(deed__in=["appoint", "correct", "end", "hand_over", "note_vacant"]),
            ),
            models.CheckConstraint(
                name="postact_successor_of_hand_over",
                condition=Q(deed="hand_over", successor__isnull=False)
                | (~Q(deed="hand_over") & Q(successor=None)),
            ),
        )
        triggers = (pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update),)

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.deed} {self.post_id}"
