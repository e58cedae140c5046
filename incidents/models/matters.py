"""The catalogue of matters (服务事项清单)."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _


class Matter(models.Model):
    """An entry of the service catalogue, versioned: a change of substance is a new row.

    Time limits are minutes from reception; they are examples to be configured, as no published
    standard of this field gives hours that hold everywhere.
    """

    class Class(models.TextChoices):
        """How binding the matter is for the community (S0 §19)."""

        MUST = "must", pgettext_lazy("matter class", "Must")
        ASSIST = "assist", pgettext_lazy("matter class", "Assist")
        EXTEND = "extend", pgettext_lazy("matter class", "Extend")
        SPECIAL = "special", pgettext_lazy("matter class", "Special")
        REFUSE = "refuse", pgettext_lazy("matter class", "Refuse")

    class Bearer(models.TextChoices):
        """Who bears the matter (the 86 items of S2)."""

        DEPARTMENT = "department", pgettext_lazy("matter bearer", "Department")
        COMMUNITY = "community", pgettext_lazy("matter bearer", "Community")
        DEPARTMENT_GUIDES = "department_guides", pgettext_lazy("matter bearer", "Department guides")
        COMMUNITY_ASSISTS = "community_assists", pgettext_lazy("matter bearer", "Community assists")

    code = models.SlugField(_("code"), max_length=32)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    is_current = models.BooleanField(_("current"), default=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    name_zh = models.CharField(_("name (Chinese)"), max_length=50)
    name_en = models.CharField(_("name (English)"), max_length=80)
    matter_class = models.CharField(_("class"), max_length=8, choices=Class.choices)
    bearer = models.CharField(_("bearer"), max_length=20, choices=Bearer.choices)
    icon = models.SlugField(_("icon"), max_length=32)
    colour = models.CharField(
        _("colour"), max_length=7, validators=[RegexValidator(r"^#[0-9a-f]{6}$")], default="#888888"
    )
    feedback_minutes = models.PositiveIntegerField(_("first feedback within, minutes"))
    handling_minutes = models.PositiveIntegerField(_("first handling within, minutes"))
    resolve_minutes = models.PositiveIntegerField(_("resolved within, minutes"))
    is_errand = models.BooleanField(_("errand"), default=False)

    class Meta:
        verbose_name = _("matter")
        verbose_name_plural = _("matters")
        ordering = ("order", "code")
        constraints = (
            models.UniqueConstraint(name="matter_version_once", fields=["code", "version"]),
            models.UniqueConstraint(name="matter_one_current", fields=["code"], condition=Q(is_current=True)),
            models.CheckConstraint(
                name="matter_limits_positive",
                condition=Q(feedback_minutes__gt=0, handling_minutes__gt=0, resolve_minutes__gt=0),
            ),
            models.CheckConstraint(name="matter_colour_hex", condition=Q(colour__regex=r"^#[0-9a-f]{6}$")),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language; Chinese is the first."""
        return self.name_en if (get_language() or "").startswith("en") else self.name_zh
