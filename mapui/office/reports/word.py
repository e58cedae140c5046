"""A report as a Word file: for who goes on writing in his own office program."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from django.template.loader import render_to_string
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from mapui.office.statistics import charts
from mapui.office.statistics.regions import picture_of
from mapui.pages.printing import png_of
from mapui.pages.spans import number, per_cent, span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mapui.office.reports.reading import Part, Shown
    from mapui.office.statistics.lines import Line
    from mapui.office.statistics.tiles import Tile

#: What official papers are set in (GB/T 9704), which every office program in China has; others fall back.
_BODY, _HEADING = "仿宋", "黑体"
_LATIN: Final = "Times New Roman"
_WIDTH: Final = Cm(16.5)
_NONE: Final = "–"


def document_of(shown: Shown) -> bytes:
    """Return the report as .docx. Raises `PrinterAway`, without which there are no pictures."""
    document = Document()
    _set_up(document, shown)
    _head(document, shown)
    for section in shown.sections[:1]:
        _text(document, section.heading, section.text)
    _figures(document, shown)
    for part in shown.parts:
        _part(document, part)
    _maps(document, shown)
    for section in shown.sections[1:]:
        _text(document, section.heading, section.text)
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def _set_up(document: Any, shown: Shown) -> None:  # noqa: ANN401 - python-docx has no types
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.25)
    page.top_margin = page.bottom_margin = Cm(2.2)
    properties = document.core_properties
    properties.title, properties.author = f"{shown.title} {shown.read.quarter.name}", ""
    for name, size, font in (
        ("Normal", 12, _BODY), ("Title", 22, _HEADING),
        ("Heading 1", 15, _HEADING), ("Heading 2", 13, _HEADING),
    ):  # fmt: skip
        style = document.styles[name]
        style.font.size, style.font.name, style.font.color.rgb = Pt(size), _LATIN, RGBColor(0x10, 0x21, 0x2F)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        # The theme's fonts would win over ours.
        for attribute in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{attribute}"), None)
        fonts.set(qn("w:eastAsia"), font)


def _head(document: Any, shown: Shown) -> None:  # noqa: ANN401
    document.add_heading(shown.title, level=0).alignment = WD_ALIGN_PARAGRAPH.CENTER
    quarter, report = shown.read.quarter, shown.read.report
    lines = [f"{quarter.name}  {formats.date_format(quarter.first)} – {formats.date_format(quarter.last)}"]
    if report.filed_at:
        filed = _("Filed")
        lines.append(f"{filed}: {formats.date_format(timezone.localtime(report.filed_at))}")
    else:
        lines.append(_("Draft"))
    document.add_paragraph("\n".join(lines)).alignment = WD_ALIGN_PARAGRAPH.CENTER


def _text(document: Any, heading: str, text: str) -> None:  # noqa: ANN401
    document.add_heading(heading, level=1)
    for line in text.splitlines() or [_NONE]:
        document.add_paragraph(line)


def _figures(document: Any, shown: Shown) -> None:  # noqa: ANN401
    document.add_heading(_("Figures"), level=1)
    ground = shown.content.ground
    words = [f"{name}: {count}" for name, count in ground.levels]
    words.append(f"{_('Households')}: {number(ground.households)}")
    words.append(f"{_('Posts')}: {ground.posts} ({_('vacant')}: {ground.vacant})")
    document.add_paragraph("    ".join(words))
    tiles: list[Tile] = shown.context()["tiles"]
    rows = [[tile.name, _value(tile.kind, tile.now), _value(tile.kind, tile.before)] for tile in tiles]
    _table(document, [_("Figure"), _("This quarter"), _("Quarter before")], rows)


def _part(document: Any, part: Part) -> None:  # noqa: ANN401
    document.add_heading(part.title, level=2)
    svg = render_to_string(
        "office/statistics/includes/chart.html", {"chart": part.chart, "title": part.title}
    )
    document.add_picture(BytesIO(png_of(svg, width=part.chart.width, height=part.chart.height)), width=_WIDTH)
    colours = (charts.IN_TIME, charts.LATE, charts.OPEN)
    names = (_("resolved in time"), pgettext("resolved", "late"), _("not yet due"))
    _key(document, list(zip(colours, names, strict=True)))
    if part.lines:
        name = [_("Unit")] if part.is_by_unit else [part.title]
        _table(document, name + _headings(by_unit=part.is_by_unit), map(_row(part), part.lines))


def _key(document: Any, entries: Iterable[tuple[str, str]]) -> None:  # noqa: ANN401
    """Say what the colours mean (#rrggbb)."""
    paragraph = document.add_paragraph()
    for colour, text in entries:
        square, words = paragraph.add_run("■ "), paragraph.add_run(f"{text}    ")
        square.font.color.rgb = RGBColor.from_string(colour.removeprefix("#").upper())
        square.font.size = words.font.size = Pt(9.5)


def _headings(*, by_unit: bool) -> list[str]:
    rates = [_("Resolved in time"), _("Resolution, median"), pgettext("share", "Reopened"), _("Satisfaction")]
    return [_("Cases"), *([_("Cases per 1,000 households")] if by_unit else []), *rates]


def _row(part: Part) -> Any:  # noqa: ANN401 - a function of a line
    def row(line: Line) -> list[str]:
        figures = line.figures
        median = figures.resolution.median_s
        return [
            line.name,
            _value("count", figures.cases),
            *([_value("score", line.per_1000)] if part.is_by_unit else []),
            per_cent(figures.resolution_in_time.rate),
            _NONE if median is None else span(dt.timedelta(seconds=median)),
            per_cent(figures.reopen_rate),
            _value("score", figures.public_satisfaction),
        ]

    return row


def _maps(document: Any, shown: Shown) -> None:  # noqa: ANN401
    for title, regions in shown.maps:
        picture = picture_of(regions)
        document.add_heading(title, level=2)
        svg = render_to_string("office/statistics/includes/map.html", {"picture": picture, "title": title})
        png = png_of(svg, width=picture.width, height=picture.height)
        document.add_picture(BytesIO(png), width=Cm(13))
        _key(document, [(key.fill, key.text) for key in regions.keys])


def _table(document: Any, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:  # noqa: ANN401
    table = document.add_table(rows=1, cols=len(headings), style="Table Grid")
    for cell, text in zip(table.rows[0].cells, headings, strict=True):
        _fill(cell, text, is_bold=True)
    for row in rows:
        for n, (cell, text) in enumerate(zip(table.add_row().cells, row, strict=True)):
            _fill(cell, text, is_number=n > 0)
    # The first row is repeated on every page that the table goes on to.
    properties = table.rows[0]._tr.get_or_add_trPr()  # noqa: SLF001 - python-docx has no other way
    properties.append(properties.makeelement(qn("w:tblHeader"), {qn("w:val"): "true"}))
    document.add_paragraph()


def _fill(cell: Any, text: str, *, is_bold: bool = False, is_number: bool = False) -> None:  # noqa: ANN401
    paragraph = cell.paragraphs[0]
    run = paragraph.add_run(text)
    run.bold, run.font.size = is_bold, Pt(9.5)
    if is_number:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _value(kind: str, value: float | dt.timedelta | None) -> str:
    if value is None:
        return _NONE
    if isinstance(value, dt.timedelta):
        return span(value)
    if kind == "share":
        return per_cent(value)
    return number(value, 0 if kind == "count" else 1)
