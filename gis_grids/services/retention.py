"""Personal data is forgotten in time: rules, and the nightly go through what each floor keeps."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids import hooks
from gis_grids.errors import BadInput, Refused
from gis_grids.models import PlanComment, RetentionRule, RetentionRun
from gis_grids.permissions import scope_of
from gis_grids.personal import USUAL_DAYS, Keep
from gis_grids.selectors.retention import kept, may_set_rules

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import AbstractBaseUser

MAX_DAYS = 36_500
MAX_BASIS = 200


@transaction.atomic
def set_rule(*, actor: AbstractBaseUser, keep: str, days: int, basis: str) -> RetentionRule:
    """Keep a class of personal data for so many days from now on; what was set before stays on record.

    Raises `Refused` ("retention.not_yours"), `BadInput` ("retention.class", "retention.days",
    "retention.basis").
    """
    if not may_set_rules(scope_of(actor)):
        raise Refused("retention.not_yours", _("The office of the district sets for how long data is kept."))
    if keep not in USUAL_DAYS:
        raise BadInput("retention.class", _("There is no such class of data."))
    if not 1 <= days <= MAX_DAYS:
        raise BadInput("retention.days", _("Say a number of days, from 1 to 36,500."))
    if not 0 < len(basis.strip()) <= MAX_BASIS:
        raise BadInput("retention.basis", _("Say what the time rests on, in at most 200 characters."))
    return RetentionRule.objects.create(keep=keep, days=days, basis=basis.strip(), set_by_id=actor.pk)


def forget(
    *, is_dry: bool, asked_by: AbstractBaseUser | None = None, now: datetime | None = None
) -> RetentionRun:
    """Forget what its class no longer keeps, each part in a transaction of its own, and report it.

    Tried out (``is_dry``) everything is counted and nothing taken away.
    """
    at = now or timezone.now()
    days = {row.keep: row.days for row in kept()}
    found = []
    for part in hooks.forgettings:
        with transaction.atomic():
            count = part.forget(at - timedelta(days=days[part.keep]), is_dry)
        found.append({"keep": part.keep, "what": str(part.what), "days": days[part.keep], "count": count})
    return RetentionRun.objects.create(
        is_dry=is_dry, found=found, asked_by_id=asked_by.pk if asked_by else None
    )


def _commenters(until: datetime, is_dry: bool) -> int:  # noqa: FBT001 - a `Forgetting`
    """Take name and contact from the public comments on plans."""
    rows = PlanComment.objects.filter(is_public=True, at__lt=until).exclude(name="", contact="")
    return rows.count() if is_dry else rows.update(name="", contact="")


FORGETTINGS = (hooks.Forgetting(Keep.COMMENT, _("Names and contacts of public comments"), _commenters),)
