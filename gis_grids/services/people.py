"""People who get a post and have no account yet: a steward is responsible whether he logs in or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from uuid import uuid4

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput, Refused
from gis_grids.people import split_name
from gis_grids.permissions import OFFICE, scope_of
from gis_grids.services.texts import clean_text

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AbstractUser

_LONGEST_NAME: Final = 50


@transaction.atomic
def enrol_person(*, actor: AbstractBaseUser, name: str) -> AbstractUser:
    """Add a person by name, who can't log in until the administration gives a password.

    Raises `Refused` ("person.not_yours"), `BadInput` ("person.no_name", "text.*").
    """
    if not scope_of(actor).roots(OFFICE):
        raise Refused("person.not_yours", _("To add a person is for an office."))
    family, given = split_name(clean_text(name, limit=_LONGEST_NAME))
    if not family and not given:
        raise BadInput("person.no_name", _("Give the name of the person."))
    person = get_user_model()(username=f"person-{uuid4().hex[:12]}", last_name=family, first_name=given)
    person.set_unusable_password()
    person.save()
    return person
