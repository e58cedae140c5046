"""Imports of the register: the file as it came, what was found in it, and what it has written."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gis_grids.models import Unit
from gis_grids.models.sealed import SealedTextField


class ImportRun(models.Model):
    """A file on its way into the register, under a unit whose office answers for it.

    ``layout`` says where the table is (`gis_grids.sheets.Layout` as JSON), ``places`` which key has which of
    its columns, ``sample`` its first rows (JSON), ``crs`` the coordinate system ("" until it is known),
    ``error`` why it failed: a code of `households.services.imports.words` with its details. What the file
    says of people stands sealed.
    """

    class Kind(models.TextChoices):
        HOUSEHOLDS = "households", pgettext_lazy("import", "Households")
        RESIDENTS = "residents", pgettext_lazy("import", "Residents")
        MEMBERS = "members", pgettext_lazy("import", "Party members")
        POSTS = "posts", pgettext_lazy("import", "Posts")
        ORGANISATIONS = "organisations", pgettext_lazy("import", "Organisations")
        PLACES = "places", pgettext_lazy("import", "Places of households")
        FACILITIES = "facilities", pgettext_lazy("import", "Facilities")

    class State(models.TextChoices):
        READING = "reading", pgettext_lazy("import", "Being read")
        ASKING = "asking", pgettext_lazy("import", "Waits for an answer")
        CHECKING = "checking", pgettext_lazy("import", "Being checked")
        CHECKED = "checked", pgettext_lazy("import", "Checked, nothing written yet")
        IMPORTING = "importing", pgettext_lazy("import", "Being imported")
        DONE = "done", pgettext_lazy("import", "Imported")
        FAILED = "failed", pgettext_lazy("import", "Failed, nothing written")
        CANCELLED = "cancelled", pgettext_lazy("import", "Cancelled, nothing written")
        UNDOING = "undoing", pgettext_lazy("import", "Being undone")
        UNDONE = "undone", pgettext_lazy("import", "Undone")

    class Others(models.TextChoices):
        """What becomes of a row whose dwelling has somebody else's household."""

        LEAVE = "leave", pgettext_lazy("import", "Leave these rows out")
        ADD = "add", pgettext_lazy("import", "Add them as further households of the dwelling")

    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.READING)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("imported by")
    )
    created_at = models.DateTimeField(_("begun at"), auto_now_add=True)
    file_name = models.CharField(_("file"), max_length=200)
    file_size = models.PositiveIntegerField(_("size, bytes"))
    layout = models.JSONField(default=dict)
    sample = SealedTextField(blank=True)
    places = models.JSONField(default=dict)
    crs = models.CharField(_("coordinate system"), max_length=40, blank=True)
    with_changes = models.BooleanField(_("with changes"), default=True)
    others = models.CharField(max_length=8, choices=Others.choices, default=Others.LEAVE)
    rows_done = models.PositiveIntegerField(_("rows done"), default=0)
    rows_total = models.PositiveIntegerField(_("rows"), null=True)
    counts = models.JSONField(default=dict)
    error = models.JSONField(null=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)
    undone_at = models.DateTimeField(_("undone at"), null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        verbose_name=_("undone by"),
    )

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ("-created_at",)
        indexes = (models.Index(name="importrun_by_unit", fields=["unit", "-created_at"]),)
        constraints = (
            models.CheckConstraint(
                name="importrun_undone_by_somebody", condition=Q(undone_at=None) | Q(undone_by__isnull=False)
            ),
        )

    def __str__(self) -> str:
        return f"{self.pk} {self.kind}"

    @property
    def is_busy(self) -> bool:
        """Whether a job works on it, or will."""
        return self.state in BUSY


BUSY: Final = frozenset(
    {
        ImportRun.State.READING,
        ImportRun.State.CHECKING,
        ImportRun.State.IMPORTING,
        ImportRun.State.UNDOING,
    }
)


class ImportPart(models.Model):
    """A piece of the file as it came, in base64; deleted when the import has ended."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="parts", db_index=False)
    number = models.PositiveIntegerField()
    content = SealedTextField()

    class Meta:
        verbose_name = _("piece of an imported file")
        verbose_name_plural = _("pieces of imported files")
        constraints = (models.UniqueConstraint(name="importpart_once", fields=["run", "number"]),)

    def __str__(self) -> str:
        return f"{self.run_id}-{self.number}"


class ImportRow(models.Model):
    """A row of the file of which there is something to say; ``number`` as the spreadsheet counts.

    ``findings`` are codes of `households.services.imports.words` with their column and details, without
    anything personal. ``proposal`` is, of a row that changes something, what was there and what comes: JSON
    by column. ``target`` is the thing that it matches; ``cells`` (JSON) are those of a row that stays out.
    """

    class Outcome(models.TextChoices):
        BAD = "bad", pgettext_lazy("row", "Can't be imported")
        OTHER = "other", pgettext_lazy("row", "Somebody else lives there")
        LEFT = "left", pgettext_lazy("row", "Left out")
        CHANGED = "changed", pgettext_lazy("row", "Changes what is there")
        NEW = "new", pgettext_lazy("row", "New")
        SAME = "same", pgettext_lazy("row", "Already there")

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="rows", db_index=False)
    number = models.PositiveIntegerField(_("row"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices)
    findings = models.JSONField(default=list)
    proposal = SealedTextField(blank=True)
    cells = SealedTextField(blank=True)
    target = models.BigIntegerField(null=True)
    is_left_out = models.BooleanField(_("left out"), default=False)

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of imports")
        ordering = ("number",)
        indexes = (models.Index(name="importrow_by_outcome", fields=["run", "outcome", "number"]),)
        constraints = (models.UniqueConstraint(name="importrow_once", fields=["run", "number"]),)

    def __str__(self) -> str:
        return f"{self.run_id}-{self.number}"


class ImportChange(models.Model):
    """Something that an import wrote: by this it is undone.

    ``model`` is its label (``households.household``). ``before`` is, of what was there before, its former
    fields as JSON; "" means that the import made it. ``after`` is the digest of what it is since.
    """

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="changes", db_index=False)
    model = models.CharField(max_length=50)
    object_id = models.BigIntegerField()
    before = SealedTextField(blank=True)
    after = models.CharField(max_length=32)

    class Meta:
        verbose_name = _("change by an import")
        verbose_name_plural = _("changes by imports")
        constraints = (
            models.UniqueConstraint(name="importchange_once", fields=["run", "model", "object_id"]),
        )

    def __str__(self) -> str:
        return f"{self.run_id} {self.model} {self.object_id}"


class ImportHeading(models.Model):
    """What an office calls a column: it was said once, and is known from then on. ``key`` "": not wanted."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+", verbose_name=_("unit"))
    kind = models.CharField(_("kind"), max_length=16, choices=ImportRun.Kind.choices)
    heading = models.CharField(_("heading"), max_length=100)
    key = models.CharField(_("column"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("known heading")
        verbose_name_plural = _("known headings")
        constraints = (
            models.UniqueConstraint(name="importheading_once", fields=["unit", "kind", "heading"]),
        )

    def __str__(self) -> str:
        return f"{self.heading} → {self.key}"
