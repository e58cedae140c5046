"""What is done with one post, by the last word of the address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from gis_grids.services.post_acts import correct, end_term, hand_over
from households.services.cares import set_buildings
from mapui.office.posts.forms import HandOverForm, beginning_of, end_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django import forms
    from django.contrib.auth.models import User
    from django.utils.functional import _StrPromise

    from gis_grids.models import Post


@dataclass(frozen=True, slots=True)
class Deed:
    """What is written from a valid form, and what is said of it; the post that the page then shows."""

    do: Callable[[User, Post, forms.Form], Post]
    sentence: _StrPromise


@transaction.atomic
def _hand_over(actor: User, post: Post, form: forms.Form) -> Post:
    assert isinstance(form, HandOverForm)  # noqa: S101 - tells the type checker
    told = form.cleaned_data
    return hand_over(
        actor=actor,
        post_id=post.pk,
        holder_id=form.holder(actor) or 0,
        at=beginning_of(told["on"]),
        until=end_of(told["until"]),
        note=told["note"],
        with_tasks=told["with_tasks"],
    )


def _end(actor: User, post: Post, form: forms.Form) -> Post:
    told = form.cleaned_data
    return end_term(
        actor=actor,
        post_id=post.pk,
        at=beginning_of(told["on"]),
        note=told["note"],
        leaves_vacancy=told["leaves_vacancy"],
    )


def _correct(actor: User, post: Post, form: forms.Form) -> Post:
    told = form.cleaned_data
    until = end_of(told["until"])
    return correct(actor=actor, post_id=post.pk, contact=told["contact"], until=until, note=told["note"])


def _set_buildings(actor: User, post: Post, form: forms.Form) -> Post:
    set_buildings(actor=actor, post_id=post.pk, buildings=form.cleaned_data["buildings"])
    return post


DEEDS: Final = {
    "hand-over": Deed(_hand_over, _("The post is handed over.")),
    "end": Deed(_end, _("The term is ended.")),
    "buildings": Deed(_set_buildings, _("The buildings are stored.")),
    "correct": Deed(_correct, _("It is put right.")),
}
