"""A report as PDF, as a Word file, and as one HTML file with maps that can be moved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.template.loader import render_to_string

from mapui.office.reports.maps import moving_maps
from mapui.pages.papermaps import carried
from mapui.pages.printing import pdf_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from mapui.office.reports.reading import Shown


def as_pdf(shown: Shown) -> bytes:
    """Return the report on paper. Raises `PrinterAway`."""
    return pdf_of(render_to_string("office/reports/paper.html", shown.context()))


def as_word(shown: Shown) -> bytes:
    """Return the report as a file of Word."""
    from mapui.office.reports.word import document_of  # noqa: PLC0415 - seldom needed, and slow to load

    return document_of(shown)


def as_page(shown: Shown) -> bytes:
    """Return the report in one file: it opens, and its maps move, where there is no network."""
    context = shown.context() | carried() | moving_maps(shown.maps)
    return render_to_string("office/reports/one_file.html", context).encode()


#: The type of each kind of file, and what makes it.
KINDS: Final[dict[str, tuple[str, Callable[[Shown], bytes]]]] = {
    "pdf": ("application/pdf", as_pdf),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", as_word),
    "html": ("text/html; charset=utf-8", as_page),
}
