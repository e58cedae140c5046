"""Message templates: what people begin a message with, kept by the office."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput, NotFound, Refused
from gis_grids.permissions import scope_of
from gis_grids.services.texts import clean_text
from incidents.catalogue import TEMPLATES
from incidents.models import Matter, MessageTemplate
from incidents.permissions import may_edit_catalogue
from incidents.workflow import State

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

MAX_TEXT = 500
MAX_ORDER = 1000


def load_templates() -> int:
    """Add the first templates where there are none at all; return how many."""
    if MessageTemplate.objects.exists():
        return 0
    first = [
        MessageTemplate(state=entry.state, order=10 * place, text_zh=entry.text_zh, text_en=entry.text_en)
        for place, entry in enumerate(TEMPLATES, start=1)
    ]
    return len(MessageTemplate.objects.bulk_create(first))


@transaction.atomic
def save_template(  # noqa: PLR0913 - the columns of a template
    *,
    actor: AbstractBaseUser,
    state: str,
    text_zh: str,
    text_en: str = "",
    matter_code: str = "",
    order: int = 0,
    template_id: int | None = None,
) -> MessageTemplate:
    """Add a template, or change one (``template_id``); messages that were sent stay as they are.

    Raises `Refused` (``template.not_yours``), `NotFound` (``template.unknown``), `BadInput`
    (``template.text``, ``template.state``, ``template.order``, ``matter.unknown``, ``text.*``).
    """
    _check_may(actor)
    template = _locked(template_id) if template_id is not None else MessageTemplate()
    template.text_zh, template.text_en = _text(text_zh), _text(text_en)
    template.state, template.matter_code, template.order = state, matter_code, order
    if not template.text_zh:
        raise BadInput("template.text", _("Write the Chinese text; the English one can be left out."))
    if state not in set(State):
        raise BadInput(
            "template.state",
            _("“%(state)s” is no state of a case. Choose one of: %(states)s."),
            {"state": state, "states": ", ".join(State)},
        )
    if not 0 <= order <= MAX_ORDER:
        raise BadInput("template.order", _("The place must be from 0 to %(most)s."), {"most": MAX_ORDER})
    if matter_code and not Matter.objects.filter(code=matter_code, is_current=True).exists():
        raise BadInput(
            "matter.unknown",
            _("The catalogue has no matter “%(matter)s” now. Choose another."),
            {"matter": matter_code},
        )
    template.save()
    return template


@transaction.atomic
def delete_template(*, actor: AbstractBaseUser, template_id: int) -> None:
    """Delete a template. Raises `Refused` (``template.not_yours``), `NotFound` (``template.unknown``)."""
    _check_may(actor)
    _locked(template_id).delete()


def _check_may(actor: AbstractBaseUser) -> None:
    if not may_edit_catalogue(scope_of(actor)):
        raise Refused(
            "template.not_yours", _("Templates are kept by the district. Ask its office or its centre.")
        )


def _locked(template_id: int) -> MessageTemplate:
    template = MessageTemplate.objects.select_for_update().filter(pk=template_id).first()
    if template is None:
        raise NotFound("template.unknown", _("There is no such template any more."))
    return template


def _text(text: str) -> str:
    return clean_text(text, limit=MAX_TEXT)
