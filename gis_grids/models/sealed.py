"""Columns of personal data: sealed text, and the digest by which equal ones are found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldError
from django.db import models
from django.db.models.lookups import Exact, IsNull

from gis_grids.sealing import DIGEST_SIZE, digest, seal, unseal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models import Lookup, Model
    from django.db.models.expressions import Combinable


class _IsEmpty(Exact):
    """Whether there is nothing: all that the database can tell of what is sealed."""

    def get_prep_lookup(self) -> object:
        """Return the empty text. Raises `FieldError` for any other."""
        if self.rhs != "":
            message = f"{self.lhs.output_field.name} is sealed and can't be compared: ask for its digest"
            raise FieldError(message)
        return self.rhs


class SealedTextField(models.CharField):
    """A short text that is encrypted in the database (`gis_grids.sealing`) and plain text in Python.

    Empty stays empty, and needs no key. It can't be searched or sorted by: only ``field=""`` and ``isnull``
    are allowed; a `DigestField` beside it finds equal ones. Reading raises `NotFound` (``sealed.key``) if no
    key of the settings opens it, so that nobody saves an empty text over one that he couldn't read.
    """

    description = "Sealed text (up to %(max_length)s)"

    def db_type(self, connection: BaseDatabaseWrapper) -> str:  # noqa: ARG002 - Django's signature
        """Return the type of the column."""
        return "bytea"

    def cast_db_type(self, connection: BaseDatabaseWrapper) -> str:
        """Return the type of the column."""
        return self.db_type(connection)

    def get_lookup(self, lookup_name: str) -> type[Lookup[Any]] | None:
        """Return the two lookups that there are."""
        return {"exact": _IsEmpty, "isnull": IsNull}.get(lookup_name)

    def from_db_value(self, value: bytes | None, _expression: object, _connection: object) -> str | None:
        """Return the plain text."""
        return unseal(bytes(value)) if value else value if value is None else ""

    def get_db_prep_value(
        self,
        value: object,
        connection: BaseDatabaseWrapper,
        prepared: bool = False,  # noqa: FBT001, FBT002
    ) -> bytes | None:
        """Return the sealed text."""
        text = super().get_db_prep_value(value, connection, prepared)
        return sealed_value(text)


def sealed_value(text: str | None) -> bytes | None:
    """Return what a `SealedTextField` stores for a text: for rows that are copied in past the models."""
    return seal(text) if text else None if text is None else b""


class DigestField(models.BinaryField):
    """The keyed digest of another field of the model, set with every save; None where that is empty.

    Who saves with ``update_fields`` names them by `with_digests`; ``update()`` must set it itself. To ask for
    it: `digest` of `gis_grids.sealing` with the same ``purpose``.
    """

    def __init__(self, *args: Any, of: str = "", purpose: str = "", **kwargs: Any) -> None:  # noqa: ANN401 - Django's
        self.of, self.purpose = of, purpose
        kwargs = {"null": True, "editable": False, "max_length": DIGEST_SIZE, **kwargs}
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        """Return how it is written in migrations."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "of": self.of, "purpose": self.purpose}

    def pre_save(self, model_instance: Model, add: bool) -> bytes | Combinable | None:  # noqa: ARG002, FBT001
        """Return the digest of what the other field now holds."""
        text = getattr(model_instance, self.of)
        value = digest(text, self.purpose) if text else None
        setattr(model_instance, self.attname, value)
        return value


def with_digests(model: type[Model], names: Iterable[str]) -> list[str]:
    """Return the fields' names with those of the digests of them: for ``save(update_fields=…)``."""
    named = list(names)
    fields = model._meta.local_concrete_fields  # noqa: SLF001 - public, whatever its name
    return [*named, *(field.name for field in fields if isinstance(field, DigestField) and field.of in named)]
