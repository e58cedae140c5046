"""Plans: boundaries to come, drawn by operations, checked, announced, and published once (planner.md 4)."""

from __future__ import annotations

from django.conf import settings
from django.contrib.gis.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gis_grids.levels import Level
from gis_grids.models.constraints import lonlat_is_sound
from gis_grids.models.sealed import SealedTextField
from gis_grids.models.units import Unit

_USER = settings.AUTH_USER_MODEL


class Plan(models.Model):
    """A plan redraws what lies in a scope, from the boundaries in force at ``base_at`` on.

    ``rev`` counts its operations: whoever draws says which revision he saw. ``level`` is the one that it is
    mainly about, and first shown. ``reasons`` holds what was written to warnings, by their mark.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("plan", "Draft")
        SUBMITTED = "submitted", pgettext_lazy("plan", "Submitted")
        ANNOUNCED = "announced", pgettext_lazy("plan", "Announced")
        APPROVED = "approved", pgettext_lazy("plan", "Approved")
        PUBLISHED = "published", pgettext_lazy("plan", "Published")
        RETURNED = "returned", pgettext_lazy("plan", "Returned")
        WITHDRAWN = "withdrawn", pgettext_lazy("plan", "Withdrawn")

    title = models.CharField(_("title"), max_length=100)
    purpose = models.TextField(_("reason for the plan"), max_length=2000, blank=True)
    scope = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="plans", verbose_name=_("scope"))
    level = models.CharField(_("level"), max_length=16, choices=Level.choices)
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.DRAFT)
    base_at = models.DateTimeField(_("based on the boundaries of"))
    rev = models.PositiveIntegerField(_("revision"), default=0)
    news = models.PositiveIntegerField(_("changes of any kind"), default=0)
    reasons = models.JSONField(_("reasons given"), default=dict, blank=True)
    moves_open_cases = models.BooleanField(_("open cases move to the new grid"), default=True)
    effective_at = models.DateTimeField(_("in force from"), null=True, blank=True)
    announced_until = models.DateField(_("announced until"), null=True, blank=True)
    restores = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="restored_by",
        verbose_name=_("restores"),
    )
    copied_from = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="copies",
        verbose_name=_("copied from"),
    )
    author = models.ForeignKey(
        _USER, on_delete=models.PROTECT, related_name="plans", verbose_name=_("author")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        ordering = ("-created_at",)
        constraints = (
            models.CheckConstraint(
                name="plan_status_known",
                condition=Q(
                    status__in=[
                        "draft",
                        "submitted",
                        "announced",
                        "approved",
                        "published",
                        "returned",
                        "withdrawn",
                    ]
                ),
            ),
            models.CheckConstraint(name="plan_level_known", condition=Q(level__in=Level.values)),
            models.CheckConstraint(
                name="plan_published_has_date",
                condition=~Q(status="published") | Q(effective_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return self.title


class PlanZone(models.Model):
    """A zone that differs from the boundaries that the plan is based on; all others are as they are there.

    ``key``, ``parent`` and the rest are those of `gis_grids.drafts.Zone`. ``ended``: the unit closes with the
    plan. ``staff`` is a list of {kind, holder, is_deputy}, or null: the posts stay.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="zones", verbose_name=_("plan"))
    key = models.CharField(_("key"), max_length=40)
    ended = models.BooleanField(_("ends"), default=False)
    unit = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        related_name="plan_zones",
        null=True,
        blank=True,
        verbose_name=_("unit"),
    )
    level = models.CharField(_("level"), max_length=16, choices=Level.choices)
    parent = models.CharField(_("parent"), max_length=40, blank=True)
    name = models.CharField(_("name"), max_length=100)
    code = models.CharField(_("code"), max_length=32, blank=True)
    purpose = models.CharField(_("what the ground is for"), max_length=40, blank=True)
    is_locked = models.BooleanField(_("locked"), default=False)
    staff = models.JSONField(_("posts"), null=True, blank=True)
    boundary = models.MultiPolygonField(_("boundary"), srid=4326, null=True, blank=True)

    class Meta:
        verbose_name = _("zone of a plan")
        verbose_name_plural = _("zones of plans")
        constraints = (
            models.UniqueConstraint(name="planzone_key_once", fields=["plan", "key"]),
            models.UniqueConstraint(
                name="planzone_unit_once", fields=["plan", "unit"], condition=Q(unit__isnull=False)
            ),
            models.CheckConstraint(
                name="planzone_boundary_sound",
                condition=Q(boundary=None) | lonlat_is_sound("boundary", max_points=500_000),
            ),
        )

    def __str__(self) -> str:
        return f"{self.plan_id} {self.key}"


class PlanOperation(models.Model):
    """One operation on a plan, append-only, with the zones before and after it, bit by bit.

    ``before`` and ``after`` are lists of zones, boundaries as WKB in hex. An undo is an operation of its
    own that names the one it takes back; a redo names the undo.
    """

    plan = models.ForeignKey(
        Plan, on_delete=models.CASCADE, related_name="operations", verbose_name=_("plan")
    )
    seq = models.PositiveIntegerField(_("number"))
    operation_id = models.UUIDField(_("id"))
    kind = models.CharField(_("kind"), max_length=20)
    payload = models.JSONField(_("what was asked"), default=dict)
    zones = models.JSONField(_("zones touched"), default=list)
    about = models.JSONField(_("names of the zones that it is about"), default=list)
    before = models.JSONField(_("before"))
    after = models.JSONField(_("after"))
    undoes = models.OneToOneField(
        "self",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="undone_by",
        verbose_name=_("takes back"),
    )
    author = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+", verbose_name=_("author"))
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("operation")
        verbose_name_plural = _("operations")
        ordering = ("seq",)
        constraints = (
            models.UniqueConstraint(name="planoperation_seq_once", fields=["plan", "seq"]),
            models.UniqueConstraint(name="planoperation_id_once", fields=["plan", "operation_id"]),
        )

    def __str__(self) -> str:
        return f"{self.plan_id} #{self.seq} {self.kind}"


class PlanStep(models.Model):
    """A step of a plan on its way: who took it, when, and what was said; append-only."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="steps", verbose_name=_("plan"))
    step = models.CharField(_("step"), max_length=20)
    note = models.TextField(_("note"), max_length=2000, blank=True)
    actor = models.ForeignKey(
        _USER, on_delete=models.PROTECT, related_name="+", null=True, verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("step of a plan")
        verbose_name_plural = _("steps of plans")
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.plan_id} {self.step}"


class PlanComment(models.Model):
    """A comment on a plan, pinned to a zone or a place (lon/lat), or on the whole.

    Staff write to each other at once; what a resident writes to the public notice waits for a moderator,
    and only what is shown is public. ``contact`` is personal data: for the moderator alone.
    """

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("comment", "Waiting")
        SHOWN = "shown", pgettext_lazy("comment", "Shown")
        HIDDEN = "hidden", pgettext_lazy("comment", "Hidden")
        RESOLVED = "resolved", pgettext_lazy("comment", "Resolved")

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="comments", verbose_name=_("plan"))
    is_public = models.BooleanField(_("from the public notice"), default=False)
    zone = models.CharField(_("zone"), max_length=40, blank=True)
    place = models.PointField(_("place"), srid=4326, null=True, blank=True)
    text = models.TextField(_("text"), max_length=1000)
    author = models.ForeignKey(
        _USER, on_delete=models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("author")
    )
    name = models.CharField(_("name"), max_length=50, blank=True)
    contact = SealedTextField(_("contact"), max_length=50, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices)
    reply = models.TextField(_("reply"), max_length=1000, blank=True)
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("comment on a plan")
        verbose_name_plural = _("comments on plans")
        ordering = ("at", "pk")
        constraints = (
            models.CheckConstraint(
                name="plancomment_place_sound",
                condition=Q(place=None) | lonlat_is_sound("place", max_points=1),
            ),
            models.CheckConstraint(
                name="plancomment_has_author", condition=Q(is_public=True) | Q(author__isnull=False)
            ),
        )

    def __str__(self) -> str:
        return f"{self.plan_id} {self.at:%F}"


class PlanProposal(models.Model):
    """A run of the proposal engine for a part of a plan: its progress, and then its candidates.

    ``candidates`` is a list of {name, metrics, zones}; zones as in `PlanOperation`.
    """

    class State(models.TextChoices):
        RUNNING = "running", pgettext_lazy("proposal", "Running")
        DONE = "done", pgettext_lazy("proposal", "Done")
        STOPPED = "stopped", pgettext_lazy("proposal", "Stopped")
        FAILED = "failed", pgettext_lazy("proposal", "Failed")

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="proposals", verbose_name=_("plan"))
    zone = models.CharField(_("zone"), max_length=40, blank=True)
    parameters = models.JSONField(_("parameters"))
    base_rev = models.PositiveIntegerField(_("revision it starts from"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.RUNNING)
    progress = models.FloatField(_("progress"), default=0)
    error = models.CharField(_("error"), max_length=500, blank=True)
    candidates = models.JSONField(_("candidates"), default=list)
    author = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+", verbose_name=_("author"))
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        ordering = ("-at",)

    def __str__(self) -> str:
        return f"{self.plan_id} {self.state}"


class Publication(models.Model):
    """What a plan has done: from when, and the report and the problems as they were then. Written once.

    ``problems`` is None where they are not known: the plan was published before they were kept.
    """

    plan = models.OneToOneField(
        Plan, on_delete=models.PROTECT, primary_key=True, related_name="publication", verbose_name=_("plan")
    )
    effective_at = models.DateTimeField(_("in force from"))
    report = models.JSONField(_("impact report"))
    problems = models.JSONField(_("problems"), null=True, blank=True)
    publisher = models.ForeignKey(
        _USER, on_delete=models.PROTECT, related_name="+", verbose_name=_("published by")
    )
    at = models.DateTimeField(_("published at"), auto_now_add=True)

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")

    def __str__(self) -> str:
        return f"{self.plan_id} {self.effective_at:%F}"


class UnitLineage(models.Model):
    """From which unit the ground of a unit came, by which plan, and how much of it, in m²."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="lineage", verbose_name=_("plan"))
    source = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="descendants", verbose_name=_("from")
    )
    target = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="origins", verbose_name=_("to"))
    area_m2 = models.FloatField(_("area, m²"))

    class Meta:
        verbose_name = _("lineage")
        verbose_name_plural = _("lineage")
        constraints = (
            models.UniqueConstraint(name="unitlineage_once", fields=["plan", "source", "target"]),
            models.CheckConstraint(name="unitlineage_area_positive", condition=Q(area_m2__gt=0)),
        )

    def __str__(self) -> str:
        return f"{self.source_id} → {self.target_id}"
