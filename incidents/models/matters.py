"""The catalogue of matters (服务事项清单) and the time limits of each."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from gis_grids.levels import PostKind
from incidents.models.labels import PRIORITY_LABELS
from incidents.models.rulebook import changes_rulebook
from incidents.workflow import Priority


class Matter(models.Model):
    """An entry of the service catalogue, versioned: a change of substance is a new row.

    What is written once stays: cases keep the version under which they were reported. ``route`` are the
    posts that are tried in each unit, from the smallest upward, when no rule says otherwise; with
    ``is_automatic`` a report is assigned at once. ``is_private`` matters are seen by those only who have a
    part in the case or a grant (`MatterGrant`); ``is_for_residents`` ones can be reported without an
    account. ``nearby_m`` and ``nearby_hours`` bound what counts as perhaps the same. ``errand_steps`` are
    the steps that an errand (代办) begins with. ``changed_*`` say who made this version; ``withdrawn_*`` who
    took the matter out of the catalogue while this was its version.
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
    legal_basis = models.TextField(_("legal basis"), max_length=1000, blank=True, default="")
    icon = models.SlugField(_("icon"), max_length=32)
    colour = models.CharField(
        _("colour"), max_length=7, validators=[RegexValidator(r"^#[0-9a-f]{6}$")], default="#888888"
    )
    needs_photo = models.BooleanField(_("result needs a photo"), default=False)
    is_errand = models.BooleanField(_("errand"), default=False)
    errand_steps = ArrayField(
        models.CharField(max_length=80), verbose_name=_("steps of the errand"), default=list, blank=True
    )
    is_private = models.BooleanField(_("private"), default=False)
    is_for_residents = models.BooleanField(_("residents can report it"), default=False)
    route = ArrayField(
        models.CharField(max_length=24, choices=PostKind.choices),
        verbose_name=_("default route"),
        default=list,
        blank=True,
    )
    is_automatic = models.BooleanField(_("assigned automatically"), default=False)
    nearby_m = models.PositiveIntegerField(_("perhaps the same within, metres"), default=100)
    nearby_hours = models.PositiveIntegerField(_("perhaps the same within, hours"), default=72)
    changed_at = models.DateTimeField(_("changed at"), default=timezone.now)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        null=True,
        blank=True,
        verbose_name=_("changed by"),
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        null=True,
        blank=True,
        verbose_name=_("withdrawn by"),
    )

    class Meta:
        triggers = (changes_rulebook(),)
        verbose_name = _("matter")
        verbose_name_plural = _("matters")
        ordering = ("order", "code")
        constraints = (
            models.UniqueConstraint(name="matter_version_once", fields=["code", "version"]),
            models.UniqueConstraint(name="matter_one_current", fields=["code"], condition=Q(is_current=True)),
            models.CheckConstraint(
                name="matter_withdrawn_is_not_current",
                condition=Q(withdrawn_at=None) | Q(is_current=False),
            ),
            # An errand is for a household, which a resident without account can't name.
            models.CheckConstraint(
                name="matter_for_residents_is_no_errand",
                condition=Q(is_for_residents=False) | Q(is_errand=False),
            ),
            models.CheckConstraint(name="matter_colour_hex", condition=Q(colour__regex=r"^#[0-9a-f]{6}$")),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language; Chinese is the first."""
        return self.name_en if (get_language() or "").startswith("en") else self.name_zh


class Mode(models.TextChoices):
    """How the place is run (S3: normal and emergency operation)."""

    NORMAL = "normal", pgettext_lazy("mode", "Normal")
    EMERGENCY = "emergency", pgettext_lazy("mode", "Emergency")


class TimeLimit(models.Model):
    """The limits of a version of a matter, for one priority and mode (incidents.md 1.4).

    Minutes of time that counts: round the clock, or the duty hours of the place. They are examples to be
    configured, as no published standard of this field gives hours that hold everywhere. A row belongs to a
    version of the matter, so a deadline that names its row names the version of the rule.
    """

    class Calendar(models.TextChoices):
        """Which time counts."""

        ALWAYS = "always", pgettext_lazy("calendar", "Round the clock")
        DUTY = "duty", pgettext_lazy("calendar", "Duty hours")

    matter = models.ForeignKey(
        Matter, on_delete=models.PROTECT, related_name="limits", db_index=False, verbose_name=_("matter")
    )
    priority = models.CharField(_("priority"), max_length=8, choices=list(PRIORITY_LABELS.items()))
    mode = models.CharField(_("mode"), max_length=9, choices=Mode.choices)
    feedback_minutes = models.PositiveIntegerField(_("first feedback within, minutes"))
    handling_minutes = models.PositiveIntegerField(_("first handling within, minutes"))
    resolve_minutes = models.PositiveIntegerField(_("resolved within, minutes"))
    calendar = models.CharField(
        _("which time counts"), max_length=6, choices=Calendar.choices, default=Calendar.ALWAYS
    )

    class Meta:
        triggers = (changes_rulebook(),)
        verbose_name = _("time limit")
        verbose_name_plural = _("time limits")
        constraints = (
            models.UniqueConstraint(name="timelimit_once", fields=["matter", "priority", "mode"]),
            models.CheckConstraint(
                name="timelimit_positive",
                condition=Q(feedback_minutes__gt=0, handling_minutes__gt=0, resolve_minutes__gt=0),
            ),
            models.CheckConstraint(
                name="timelimit_at_most_a_year",
                condition=Q(feedback_minutes__lte=525600, handling_minutes__lte=525600)
                & Q(resolve_minutes__lte=525600),
            ),
            models.CheckConstraint(
                name="timelimit_priority_known", condition=Q(priority__in=sorted(Priority))
            ),
            models.CheckConstraint(name="timelimit_mode_known", condition=Q(mode__in=Mode.values)),
        )

    def __str__(self) -> str:
        return f"{self.matter_id} {self.priority} {self.mode}"
