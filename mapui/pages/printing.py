"""Pages as PDF files, and drawings as pictures for documents that hold no vectors.

WeasyPrint sets the same HTML and SVG that the page shows, so that there is one template for both; nothing is
fetched, whatever the HTML names. Decision 28 says what it was chosen over.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any, Final, NoReturn

from django.utils.translation import gettext_lazy as _

from gis_grids.errors import LingeError

if TYPE_CHECKING:
    from types import ModuleType

_POINTS_PER_PIXEL: Final = 0.75
FONTS: Final = '"Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Zen Hei", "Microsoft YaHei", sans-serif'


class PrinterAway(LingeError):  # noqa: N818 (what happened, not that it is an error)
    """The libraries that set pages aren't installed on the server."""


def pdf_of(html: str) -> bytes:
    """Return a document as PDF. Raises `PrinterAway` (``printing.away``)."""
    found: bytes = _weasyprint().HTML(string=html, url_fetcher=_nothing).write_pdf()
    return found


def png_of(svg: str, *, width: int, height: int, scale: float = 2.0) -> bytes:
    """Return a drawing of that size in CSS pixels as a PNG, ``scale`` times as fine.

    Raises `PrinterAway` (``printing.away``).
    """
    import pypdfium2  # noqa: PLC0415 - for who asks for a picture only

    style = f"@page{{size:{width}px {height}px;margin:0}}body{{margin:0;font-family:{FONTS}}}"
    page = pypdfium2.PdfDocument(pdf_of(f"<style>{style}svg{{display:block}}</style>{svg}"))[0]
    written = BytesIO()
    page.render(scale=scale / _POINTS_PER_PIXEL).to_pil().save(written, "PNG", optimize=True)
    return written.getvalue()


def _weasyprint() -> ModuleType:
    # It takes a second, and Pango: who prints nothing needs neither.
    try:
        import weasyprint  # noqa: PLC0415
    except OSError as error:
        raise PrinterAway(
            "printing.away",
            _("This server can't make PDF files yet. Install Pango (Debian: libpangoft2-1.0-0)."),
        ) from error
    return weasyprint


def _nothing(url: str, *_args: Any, **_more: Any) -> NoReturn:  # noqa: ANN401 - as WeasyPrint calls it
    msg = f"nothing is fetched for print: {url}"
    raise ValueError(msg)
