"""What the office decides once for many cases: routes, the negative list, texts, grants."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from gis_grids.levels import PostKind
from gis_grids.models import Unit
from incidents.models.labels import STATE_LABELS
from incidents.models.rulebook import changes_rulebook


class RoutingRule(models.Model):
    """Who gets the cases of a matter (empty: of all) in the subtree of a unit (empty: everywhere).

    The rule with the smallest unit counts, then the one that names the matter; else `Matter.route` does.
    ``posts`` are tried in this order in each unit, from the smallest upward.
    """

    matter_code = models.SlugField(_("matter"), max_length=32, blank=True, default="")
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("unit")
    )
    posts = ArrayField(
        models.CharField(max_length=24, choices=PostKind.choices), size=8, verbose_name=_("posts")
    )
    is_automatic = models.BooleanField(_("assigned automatically"), default=False)

    class Meta:
        triggers = (changes_rulebook(),)
        verbose_name = _("route")
        verbose_name_plural = _("routes")
        constraints = (
            models.UniqueConstraint(
                name="routingrule_once", fields=["matter_code", "unit"], nulls_distinct=False
            ),
            models.CheckConstraint(name="routingrule_has_posts", condition=Q(posts__len__gt=0)),
        )

    def __str__(self) -> str:
        return f"{self.matter_code or '*'} · {self.unit_id or '*'}"


class NegativeItem(models.Model):
    """An item of the negative list (负面清单): what is not the community's to do; it warns at entry.

    It concerns a matter, or texts in which one of the ``keywords`` occurs. ``incident`` is the case by
    which it was put on the list.
    """

    number = models.CharField(_("number"), max_length=20, unique=True)
    title = models.CharField(_("title"), max_length=100)
    matter_code = models.SlugField(_("matter"), max_length=32, blank=True, default="")
    keywords = ArrayField(
        models.CharField(max_length=40), verbose_name=_("keywords"), default=list, blank=True, size=20
    )
    reason = models.TextField(_("reason"), max_length=2000, blank=True)
    incident = models.ForeignKey(
        "incidents.Incident",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        null=True,
        blank=True,
        verbose_name=_("incident"),
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided at"))
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    class Meta:
        verbose_name = _("item of the negative list")
        verbose_name_plural = _("negative list")
        ordering = ("number",)
        constraints = (
            models.CheckConstraint(
                name="negativeitem_concerns_something",
                condition=~Q(matter_code="") | Q(keywords__len__gt=0),
            ),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class MessageTemplate(models.Model):
    """A text to begin a message with, for a state that a case is in or comes to; empty matter: all matters.

    ``{number}``, ``{matter}`` and ``{unit}`` are filled in with the case's.
    """

    matter_code = models.SlugField(_("matter"), max_length=32, blank=True, default="")
    state = models.CharField(_("state"), max_length=20, choices=list(STATE_LABELS.items()))
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    text_zh = models.TextField(_("text (Chinese)"), max_length=500)
    text_en = models.TextField(_("text (English)"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("message template")
        verbose_name_plural = _("message templates")
        ordering = ("state", "order", "pk")

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        """The text in the reader's language; Chinese where there is no other."""
        return ((get_language() or "").startswith("en") and self.text_en) or self.text_zh


class MatterGrant(models.Model):
    """Leave for a person to see the cases of a private matter in the subtree of a unit, for a term."""

    matter_code = models.SlugField(_("matter"), max_length=32)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit"))
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="matter_grants",
        verbose_name=_("holder"),
    )
    term = DateTimeRangeField(_("term"))
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        verbose_name=_("granted by"),
    )

    class Meta:
        verbose_name = _("grant for a private matter")
        verbose_name_plural = _("grants for private matters")
        constraints = (
            ExclusionConstraint(
                name="mattergrant_once",
                expressions=[
                    ("matter_code", RangeOperators.EQUAL),
                    ("unit", RangeOperators.EQUAL),
                    ("holder", RangeOperators.EQUAL),
                    ("term", RangeOperators.OVERLAPS),
                ],
            ),
        )

    def __str__(self) -> str:
        return f"{self.matter_code} · {self.unit_id}"
