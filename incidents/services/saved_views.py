"""Views of many cases that somebody keeps under a name, for himself alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput, Conflict, NotFound
from gis_grids.services.texts import clean_text
from incidents.models import SavedView

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

#: As many as a person finds his way in.
MAX_VIEWS = 30
MAX_NAME = 40
MAX_QUERY = 500


def save_view(*, owner: AbstractBaseUser, name: str, query: str) -> SavedView:
    """Keep the query of a list's address under a name; one of the same name is replaced.

    Raises `BadInput` (``view.name``, ``view.query``, ``text.*``), `Conflict` (``view.too_many``).
    """
    name = _name(name)
    if len(query) > MAX_QUERY:
        raise BadInput("view.query", _("This choice is too long to be kept. Choose less, then save it."))
    with transaction.atomic():
        others = SavedView.objects.filter(owner=owner.pk).exclude(name=name)
        if others.count() >= MAX_VIEWS:
            raise Conflict(
                "view.too_many",
                _("You have %(most)s views already. Delete one, then save this one."),
                {"most": MAX_VIEWS},
            )
        view, _is_new = SavedView.objects.update_or_create(
            owner_id=owner.pk, name=name, defaults={"query": query}
        )
        return view


def rename_view(*, owner: AbstractBaseUser, view_id: int, name: str) -> None:
    """Give a view another name.

    Raises `NotFound` (``view.not_found``), `BadInput` (``view.name``, ``text.*``), `Conflict`
    (``view.name_taken``).
    """
    name = _name(name)
    try:
        with transaction.atomic():
            renamed = SavedView.objects.filter(owner=owner.pk, pk=view_id).update(name=name)
    except IntegrityError:
        raise Conflict(
            "view.name_taken", _("Another of your views is called so. Choose another name.")
        ) from None
    if not renamed:
        raise _not_found()


def delete_view(*, owner: AbstractBaseUser, view_id: int) -> None:
    """Delete one of one's own views. Raises `NotFound` (``view.not_found``)."""
    deleted, _by_model = SavedView.objects.filter(owner=owner.pk, pk=view_id).delete()
    if not deleted:
        raise _not_found()


def _name(name: str) -> str:
    clean = clean_text(name, limit=MAX_NAME)
    if not clean:
        raise BadInput("view.name", _("Give the view a name."))
    return clean


def _not_found() -> NotFound:
    return NotFound("view.not_found", _("You have no such view any more."))
