"""The register out of tables and map files: looked at, checked row by row, taken in whole, and undone."""

from households.services.imports.runs import (
    answer_columns,
    begin_import,
    cancel_import,
    confirm_import,
    leave_out,
    undo_import,
)

__all__ = [
    "answer_columns",
    "begin_import",
    "cancel_import",
    "confirm_import",
    "leave_out",
    "undo_import",
]
