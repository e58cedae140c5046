"""Notice boards (三公开 公示牌): where one hangs, what was printed for it, and what hangs there."""

from __future__ import annotations

from django.conf import settings
from django.contrib.gis.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gis_grids.models import Post, Unit
from households.models.buildings import Building


class BuildingCare(models.Model):
    """A building that a post is there for: a steward has two or three of those of his unit (S1).

    A post without any is there for its whole unit.
    """

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="cares", verbose_name=_("post"))
    building = models.ForeignKey(
        Building, on_delete=models.CASCADE, related_name="cares", verbose_name=_("building")
    )

    class Meta:
        verbose_name = _("building of a post")
        verbose_name_plural = _("buildings of posts")
        constraints = (models.UniqueConstraint(name="buildingcare_once", fields=["post", "building"]),)

    def __str__(self) -> str:
        return f"{self.post_id} → {self.building_id}"


class NoticeBoard(models.Model):
    """A place for a notice board: at the door of a building, or for all of a unit.

    A unit or building has one at most. One that is no longer wanted is ``struck_on`` a day, and keeps what
    hung there.
    """

    unit = models.OneToOneField(
        Unit, on_delete=models.PROTECT, related_name="board", null=True, blank=True, verbose_name=_("unit")
    )
    building = models.OneToOneField(
        Building,
        on_delete=models.CASCADE,
        related_name="board",
        null=True,
        blank=True,
        verbose_name=_("building"),
    )
    since = models.DateField(_("since"))
    struck_on = models.DateField(_("struck off on"), null=True, blank=True)

    class Meta:
        verbose_name = _("notice board")
        verbose_name_plural = _("notice boards")
        constraints = (
            models.CheckConstraint(
                name="noticeboard_of_one",
                condition=Q(unit__isnull=False, building=None) | Q(unit=None, building__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.pk}"


class BoardSheet(models.Model):
    """What was printed for a board: never changed. ``pk`` is the number at its foot.

    ``content`` is what the sheet says (`households.selectors.boards.Content`): names and service telephones
    of the posts, which are for everybody to know (S0: 三公开), the grid, and the version of its boundary.
    """

    board = models.ForeignKey(
        NoticeBoard, on_delete=models.CASCADE, related_name="sheets", verbose_name=_("notice board")
    )
    at = models.DateTimeField(_("printed at"), auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("printed by")
    )
    content = models.JSONField(_("content"))

    class Meta:
        verbose_name = _("sheet of a notice board")
        verbose_name_plural = _("sheets of notice boards")
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return f"{self.pk}"


class BoardHanging(models.Model):
    """A sheet hangs at its board since ``hung_on``, and who says so.

    ``photo`` is the SHA-256 of what was sent, under which its clean copies are kept. The last one by
    ``recorded_at`` is what hangs there; with ``taken_down_on`` nothing does.
    """

    sheet = models.ForeignKey(
        BoardSheet, on_delete=models.CASCADE, related_name="hangings", verbose_name=_("sheet")
    )
    hung_on = models.DateField(_("hung on"))
    taken_down_on = models.DateField(_("taken down on"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )
    photo = models.BinaryField(_("photo"), max_length=32, null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("hanging of a notice board")
        verbose_name_plural = _("hangings of notice boards")
        ordering = ("-recorded_at", "-pk")
        constraints = (
            models.CheckConstraint(
                name="boardhanging_down_after_up",
                condition=Q(taken_down_on=None) | Q(taken_down_on__gte=F("hung_on")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.sheet_id} {self.hung_on}"


class BoardPrint(models.Model):
    """Sheets of many boards set as one PDF by a job: how far it is, and where the file is in the storage.

    ``site`` is the address by which telephones reach us, for the codes; ``language`` that of who asked.
    """

    class State(models.TextChoices):
        RUNNING = "running", pgettext_lazy("print", "Running")
        DONE = "done", pgettext_lazy("print", "Done")
        STOPPED = "stopped", pgettext_lazy("print", "Stopped")
        FAILED = "failed", pgettext_lazy("print", "Failed")

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit"))
    boards = models.JSONField(_("boards"))
    site = models.CharField(_("site"), max_length=200)
    language = models.CharField(_("language"), max_length=10)
    at = models.DateTimeField(_("at"), auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("asked by")
    )
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.RUNNING)
    done = models.PositiveIntegerField(_("sheets set"), default=0)
    total = models.PositiveIntegerField(_("sheets"))
    error = models.CharField(_("what went wrong"), max_length=300, blank=True)
    file = models.CharField(_("file"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("print of notice boards")
        verbose_name_plural = _("prints of notice boards")
        ordering = ("-at", "-pk")
        constraints = (
            models.CheckConstraint(
                name="boardprint_state_known", condition=Q(state__in=["done", "failed", "running", "stopped"])
            ),
            models.CheckConstraint(name="boardprint_done_of_total", condition=Q(done__lte=F("total"))),
        )

    def __str__(self) -> str:
        return f"{self.unit_id} {self.at:%F %T}"
