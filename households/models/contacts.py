"""How the party works with households: hubs that serve members, members who keep contact with households."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gis_grids.models.sealed import SealedTextField
from households.models.households import Household
from households.models.party import PartyMember


class PartyHub(models.Model):
    """A party hub household (党员中心户): a member's home where those around meet, for a range of days."""

    household = models.ForeignKey(
        Household,
        on_delete=models.CASCADE,
        related_name="party_hubs",
        db_index=False,
        verbose_name=_("household"),
    )
    keeper = models.ForeignKey(
        PartyMember,
        on_delete=models.CASCADE,
        related_name="hubs",
        db_index=False,
        verbose_name=_("party member"),
    )
    days = DateRangeField(_("days"))

    class Meta:
        verbose_name = _("party hub household")
        verbose_name_plural = _("party hub households")
        constraints = (
            ExclusionConstraint(
                name="partyhub_household_once",
                expressions=[("household", RangeOperators.EQUAL), ("days", RangeOperators.OVERLAPS)],
            ),
            ExclusionConstraint(
                name="partyhub_keeper_once",
                expressions=[("keeper", RangeOperators.EQUAL), ("days", RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(name="partyhub_days_sound", condition=Q(days__isempty=False)),
        )

    def __str__(self) -> str:
        return f"{self.pk}"


class HubMember(models.Model):
    """A member whom a hub serves, on the days of a range: one hub at a time."""

    hub = models.ForeignKey(
        PartyHub, on_delete=models.CASCADE, related_name="served", verbose_name=_("party hub household")
    )
    member = models.ForeignKey(
        PartyMember,
        on_delete=models.CASCADE,
        related_name="served_by",
        db_index=False,
        verbose_name=_("party member"),
    )
    days = DateRangeField(_("days"))

    class Meta:
        verbose_name = _("member whom a hub serves")
        verbose_name_plural = _("members whom hubs serve")
        constraints = (
            ExclusionConstraint(
                name="hubmember_one_hub",
                expressions=[("member", RangeOperators.EQUAL), ("days", RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(name="hubmember_days_sound", condition=Q(days__isempty=False)),
        )

    def __str__(self) -> str:
        return f"{self.hub_id} {self.member_id}"


class ContactLink(models.Model):
    """A household that a member keeps contact with (党员联系户), on the days of a range."""

    member = models.ForeignKey(
        PartyMember,
        on_delete=models.CASCADE,
        related_name="contact_links",
        db_index=False,
        verbose_name=_("party member"),
    )
    household = models.ForeignKey(
        Household, on_delete=models.CASCADE, related_name="contact_links", verbose_name=_("household")
    )
    days = DateRangeField(_("days"))

    class Meta:
        verbose_name = _("party contact")
        verbose_name_plural = _("party contacts")
        constraints = (
            ExclusionConstraint(
                name="contactlink_once",
                expressions=[
                    ("member", RangeOperators.EQUAL),
                    ("household", RangeOperators.EQUAL),
                    ("days", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(name="contactlink_days_sound", condition=Q(days__isempty=False)),
        )

    def __str__(self) -> str:
        return f"{self.member_id} → {self.household_id}"


class ContactLog(models.Model):
    """That a member was in contact with the household, and what came of it. ``note`` is personal, and sealed.

    No score and no count is made of it: it says who was there last, and what is to do.
    """

    class Way(models.TextChoices):
        VISIT = "visit", pgettext_lazy("contact", "Visit")
        PHONE = "phone", pgettext_lazy("contact", "Telephone")
        MESSAGE = "message", pgettext_lazy("contact", "Message")
        MEETING = "meeting", pgettext_lazy("contact", "Meeting")

    link = models.ForeignKey(
        ContactLink, on_delete=models.CASCADE, related_name="log", db_index=False, verbose_name=_("contact")
    )
    on = models.DateField(_("on"))
    way = models.CharField(_("how"), max_length=8, choices=Way.choices)
    note = SealedTextField(_("note"), max_length=500, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("written by")
    )
    written_at = models.DateTimeField(_("written at"), auto_now_add=True)

    class Meta:
        verbose_name = _("entry of a contact log")
        verbose_name_plural = _("contact log")
        ordering = ("-on", "-pk")
        indexes = (models.Index(name="contactlog_by_link", fields=["link", "-on"]),)
        constraints = (
            models.CheckConstraint(
                name="contactlog_way_known", condition=Q(way__in=["meeting", "message", "phone", "visit"])
            ),
        )

    def __str__(self) -> str:
        return f"{self.link_id} {self.on}"
