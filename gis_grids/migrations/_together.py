"""Models that are created in one go, which keeps a new database cheap."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.migrations.operations.base import Operation

if TYPE_CHECKING:
    from collections.abc import Sequence


class CreateTogether(Operation):
    """Create tables, and triggers on them, with all models rendered once.

    After each operation Django renders every model again that knows the one just made, over however many others:
    for a hundred models that is ten thousand renderings, most of what a new database costs. Here all are described
    first. As the tables are made as their models are in the end, ``operations`` may only be ``CreateModel``, with all
    fields and constraints in it, and ``AddTrigger``; their keys may point at tables that follow, because Django adds
    keys last.
    """

    serialization_expand_args = ("operations",)

    def __init__(self, operations: Sequence[Operation]) -> None:
        self.operations = operations

    def deconstruct(self):
        """Return how this is written down."""
        return self.__class__.__name__, [], {"operations": self.operations}

    def state_forwards(self, app_label, state):
        """Describe all models; the next to look at one renders them."""
        state.__dict__.pop("apps", None)
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        """Make the tables and triggers."""
        for operation in self.operations:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        """Take them away, the last one first."""
        for operation in reversed(self.operations):
            operation.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        """Say what is done."""
        return f"Create {len(self.operations)} models and triggers together"
