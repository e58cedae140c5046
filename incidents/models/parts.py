"""What belongs to a case: files, steps of an errand, co-reporters, ratings; and somebody's view of many."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from incidents.models.incidents import Incident
from incidents.workflow import SCORES


class CoReporter(models.Model):
    """Somebody whose own report was merged into the case: he follows it as its reporter does.

    ``origin`` is the case that he reported; ``user`` None is a resident without account.
    """

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="co_reporters")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    origin = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        verbose_name = _("co-reporter")
        verbose_name_plural = _("co-reporters")
        constraints = (models.UniqueConstraint(name="coreporter_once", fields=["incident", "origin"]),)

    def __str__(self) -> str:
        return f"{self.incident_id} ← {self.origin_id}"


class Attachment(models.Model):
    """A picture or video of a case, declared before it is uploaded: name, size, SHA-256.

    ``id`` is made by who sends it. ``origin`` is the case that it was sent for; ``incident`` changes with a
    merge. ``sender`` None is the resident who reported ``origin`` without account. ``received`` counts the
    bytes that are stored; ``completed_at`` is set when all are there and their hash is right. The bytes are
    below MEDIA_ROOT, by their hash, and served only with rights.
    """

    class Purpose(models.TextChoices):
        """What it shows."""

        REPORT = "report", pgettext_lazy("attachment", "What was reported")
        RESULT = "result", pgettext_lazy("attachment", "What was done")

    id = models.UUIDField(primary_key=True)
    incident = models.ForeignKey(
        Incident, on_delete=models.PROTECT, related_name="attachments", verbose_name=_("incident")
    )
    origin = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="+", db_index=False)
    purpose = models.CharField(_("purpose"), max_length=8, choices=Purpose.choices)
    name = models.CharField(_("name"), max_length=120)
    media_type = models.CharField(_("type"), max_length=40)
    size = models.PositiveBigIntegerField(_("size, bytes"))
    sha256 = models.BinaryField(max_length=32)
    received = models.PositiveBigIntegerField(_("received, bytes"), default=0)
    declared_at = models.DateTimeField(_("declared at"))
    completed_at = models.DateTimeField(_("complete at"), null=True, blank=True)
    sender = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        null=True,
        verbose_name=_("sender"),
    )

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ("declared_at", "pk")
        constraints = (
            models.CheckConstraint(
                name="attachment_received_fits", condition=Q(received__lte=F("size"), size__gt=0)
            ),
            models.CheckConstraint(
                name="attachment_complete_is_whole",
                condition=Q(completed_at=None) | Q(received=F("size")),
            ),
        )

    def __str__(self) -> str:
        return self.name


class ErrandStep(models.Model):
    """A step of an errand (代办): what is to be done, until when, and who did it."""

    incident = models.ForeignKey(
        Incident, on_delete=models.PROTECT, related_name="steps", db_index=False, verbose_name=_("incident")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=80)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        null=True,
        blank=True,
        verbose_name=_("done by"),
    )

    class Meta:
        verbose_name = _("step of an errand")
        verbose_name_plural = _("steps of errands")
        ordering = ("incident", "number")
        constraints = (models.UniqueConstraint(name="errandstep_number_once", fields=["incident", "number"]),)

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"


class Rating(models.Model):
    """How the reporter or the resident found the handling: once for each cycle of a case (回访).

    It counts for units and matters, never for persons (field.md 2f).
    """

    incident = models.ForeignKey(
        Incident, on_delete=models.PROTECT, related_name="ratings", db_index=False, verbose_name=_("incident")
    )
    cycle = models.PositiveSmallIntegerField(_("cycle"))
    score = models.PositiveSmallIntegerField(_("score"))
    comment = models.TextField(_("comment"), max_length=500, blank=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        constraints = (
            models.UniqueConstraint(name="rating_once", fields=["incident", "cycle"]),
            models.CheckConstraint(
                name="rating_score_in_range", condition=Q(score__gte=SCORES[0], score__lte=SCORES[-1])
            ),
        )
        triggers = (pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),)

    def __str__(self) -> str:
        return f"{self.incident_id}/{self.cycle}: {self.score}"


class SavedView(models.Model):
    """A choice of cases that somebody keeps under a name; ``query`` is that of the list's address."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="saved_views",
        verbose_name=_("owner"),
    )
    name = models.CharField(_("name"), max_length=40)
    query = models.CharField(_("query"), max_length=500)

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ("name",)
        constraints = (models.UniqueConstraint(name="savedview_name_once", fields=["owner", "name"]),)

    def __str__(self) -> str:
        return self.name
