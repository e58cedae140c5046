"""The negative list (负面清单): what is not the community's to do. It warns whoever reports such a thing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput, Conflict, NotFound, Refused
from gis_grids.permissions import scope_of
from gis_grids.services.texts import MAX_ITEM, clean_text
from incidents.models import Matter, NegativeItem
from incidents.permissions import may_edit_catalogue

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from django.contrib.auth.models import AbstractBaseUser

    from incidents.models import Incident

MAX_NUMBER = 20
MAX_KEYWORD = 40
MAX_KEYWORDS = 20


def put_on_list(  # noqa: PLR0913 - the fields of the item
    *,
    title: str,
    matter_code: str,
    reason: str,
    incident: Incident | None,
    decided_by: AbstractBaseUser,
    decided_at: dt.datetime,
) -> NegativeItem:
    """Add an item with the next number (N-0001, N-0002, …), in the caller's transaction."""
    return NegativeItem.objects.create(
        number=_next_number(),
        title=title,
        matter_code=matter_code,
        reason=reason,
        incident=incident,
        decided_by_id=decided_by.pk,
        decided_at=decided_at,
    )


@transaction.atomic
def save_item(  # noqa: PLR0913 - the fields of the item
    *,
    actor: AbstractBaseUser,
    title: str,
    matter_code: str = "",
    keywords: Sequence[str] = (),
    reason: str = "",
    number: str = "",
    item_id: int | None = None,
) -> NegativeItem:
    """Add an item, or change one (``item_id``) that is not withdrawn.

    Without ``number`` a new item gets the next one, and another keeps its own. ``matter_code`` may name a
    matter that was withdrawn: it may be on the list because of that.

    Raises `Refused` (``negative.not_yours``), `NotFound` (``negative.unknown``), `Conflict`
    (``negative.number_taken``, ``negative.withdrawn``), `BadInput` (``negative.title``,
    ``negative.concerns``, ``negative.keywords``, ``matter.unknown``, ``text.*``).
    """
    _check_may(actor)
    item = _locked(item_id) if item_id is not None else NegativeItem()
    if item.withdrawn_at:
        raise Conflict("negative.withdrawn", _("This item was withdrawn. Add a new one."))
    item.title, item.matter_code = clean_text(title, limit=MAX_ITEM), matter_code
    item.keywords, item.reason = _keywords(keywords), clean_text(reason)
    _check(item)
    item.number = clean_text(number, limit=MAX_NUMBER) or item.number or _next_number()
    item.decided_by_id, item.decided_at = actor.pk, timezone.now()
    try:
        with transaction.atomic():
            item.save()
    except IntegrityError:
        raise Conflict(
            "negative.number_taken",
            _("The list has an item %(number)s already. Choose another number."),
            {"number": item.number},
        ) from None
    return item


@transaction.atomic
def withdraw_item(*, actor: AbstractBaseUser, item_id: int) -> NegativeItem:
    """Let an item warn no more; it stays as history, as cases were rejected by it.

    Raises `Refused` (``negative.not_yours``), `NotFound` (``negative.unknown``), `Conflict`
    (``negative.withdrawn``).
    """
    _check_may(actor)
    item = _locked(item_id)
    if item.withdrawn_at:
        raise Conflict("negative.withdrawn", _("This item was withdrawn already."))
    item.withdrawn_at = timezone.now()
    item.save(update_fields=["withdrawn_at"])
    return item


def _check_may(actor: AbstractBaseUser) -> None:
    if not may_edit_catalogue(scope_of(actor)):
        raise Refused(
            "negative.not_yours",
            _("The negative list is kept by the district. Ask its office or its centre."),
        )


def _locked(item_id: int) -> NegativeItem:
    item = NegativeItem.objects.select_for_update().filter(pk=item_id).first()
    if item is None:
        raise NotFound("negative.unknown", _("The negative list has no such item."))
    return item


def _check(item: NegativeItem) -> None:
    if not item.title:
        raise BadInput("negative.title", _("Say in a few words what is not the community's to do."))
    if not item.matter_code and not item.keywords:
        raise BadInput("negative.concerns", _("Choose a matter, or give words by which it warns."))
    if item.matter_code and not Matter.objects.filter(code=item.matter_code).exists():
        raise BadInput(
            "matter.unknown",
            _("The catalogue has no matter “%(matter)s” now. Choose another."),
            {"matter": item.matter_code},
        )


def _keywords(keywords: Sequence[str]) -> list[str]:
    clean = (clean_text(keyword, limit=MAX_KEYWORD) for keyword in keywords)
    kept = list(dict.fromkeys(keyword for keyword in clean if keyword))
    if len(kept) > MAX_KEYWORDS:
        raise BadInput(
            "negative.keywords",
            _("An item has at most %(most)s words. Leave some out."),
            {"most": MAX_KEYWORDS},
        )
    return kept


def _next_number() -> str:
    """Return the number after the highest; others wait for it until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE incidents_negativeitem IN SHARE ROW EXCLUSIVE MODE")
    numbers = NegativeItem.objects.filter(number__regex=r"^N-\d+$").values_list("number", flat=True)
    return f"N-{max((int(number[2:]) for number in numbers), default=0) + 1:04}"
