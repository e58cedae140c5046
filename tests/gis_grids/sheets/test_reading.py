from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from dataclasses import replace

import pytest
from django.utils import translation
from openpyxl import Workbook

from gis_grids.errors import BadFile, describe
from gis_grids.sheets import Sheet, read_table, write_csv, write_xlsx
from gis_grids.sheets.limits import SMALL

COLUMNS = {
    "name": ["名称", "Name"],
    "feedback": ["时限 反馈", "Limit: feedback"],
    "handling": ["时限 处置", "Limit: handling"],
    "note": ["备注（说明）", "Note"],
}


def read(data, required=("name",), name="list.xlsx"):
    return read_table(data, name=name, columns=COLUMNS, required=required)


def saved(book):
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def book_of(*rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    return book


def values(table):
    return [dict(row.values) for row in table.rows]


def rewritten(data, part, change):
    """The workbook with one part of the archive changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for each in old.namelist():
            content = old.read(each)
            new.writestr(each, change(content) if each == part else content)
    return out.getvalue()


def refused(data, code, name="list.xlsx"):
    with pytest.raises(BadFile) as caught:
        read(data, name=name)
    assert caught.value.code == code
    assert name in str(caught.value) or code == "sheet.heading_twice"


TEXTS = ["=1+1", "@x", "'quoted", "'=1", "－1", "多\n行", "001", 'a,b;c\t"d"']


@pytest.mark.parametrize("write", [write_xlsx, write_csv])
def test_what_was_written_is_read_again(write):
    file = io.BytesIO()
    sheet = Sheet(title="x", headings=["Name", "Note"], rows=[[text, None] for text in TEXTS])
    write(file, [sheet] if write is write_xlsx else sheet)
    table = read(file.getvalue())
    assert [row.values["name"] for row in table.rows] == TEXTS
    assert [row.number for row in table.rows] == list(range(2, len(TEXTS) + 2))
    assert (table.faults, table.notes) == ((), ())


def test_numbers_and_dates_are_what_they_are():
    at = dt.datetime(2026, 3, 4, 5, 6)  # noqa: DTZ001 - a workbook knows no zones
    [row] = read(saved(book_of(["Name", "Note", "Limit: feedback"], [3.0, 2.5, at]))).rows
    assert row.values == {"name": 3, "note": 2.5, "feedback": at}
    assert isinstance(row.values["name"], int)


@pytest.mark.parametrize("heading", ["名称", " 名 称：", "NAME", "name*", "ＮＡＭＥ"])
def test_headings_are_known_in_chinese_and_english_whatever_their_punctuation(heading):
    assert values(read(saved(book_of([heading, "备注(说明)"], ["甲", "乙"])))) == [
        {"name": "甲", "note": "乙"}
    ]


def test_headings_may_be_merged_and_stand_under_a_title():
    book = book_of(
        ["服务事项清单"], [], ["名称", "时限", None, "备注（说明）"], [None, "反馈", "处置"], ["甲", 1, 2, 3]
    )
    for cells in ("A1:D1", "A3:A4", "B3:C3", "D3:D4"):
        book.active.merge_cells(cells)
    table = read(saved(book), required=("name", "feedback", "handling", "note"))
    assert values(table) == [{"name": "甲", "feedback": 1, "handling": 2, "note": 3}]
    assert table.rows[0].number == 5


def test_hidden_sheets_are_passed_over_and_sheets_without_the_headings():
    book = book_of(["Name"], ["hidden"])
    book.active.sheet_state = "hidden"
    book.create_sheet("cover").append(["Read me"])
    right = book.create_sheet("list")
    right.append(["Name"])
    right.append(["seen"])
    assert values(read(saved(book))) == [{"name": "seen"}]


def test_unknown_columns_are_named_and_left_out_and_empty_rows_do_not_count():
    table = read(saved(book_of(["Name", "Weight"], ["甲", 1], [None, None], [" ", 2], ["乙"])))
    assert [(row.number, row.values["name"]) for row in table.rows] == [(2, "甲"), (5, "乙")]
    [note] = table.notes
    with translation.override("en"):
        assert describe(note) == "The column “Weight” is not known, and was left out."


def test_a_formula_or_an_error_is_a_fault_of_its_cell():
    table = read(saved(book_of(["Name", "Note"], ["甲", "=1+1"], ["#N/A", None])))
    assert [(each.row, each.column, each.code) for each in table.faults] == [
        (2, "Note", "sheet.formula"),
        (3, "Name", "sheet.error_value"),
    ]
    assert all(describe(each) for each in table.faults)
    assert values(table)[0] == {"name": "甲", "note": None}


def test_a_false_dimension_hides_no_row():
    data = saved(book_of(["Name"], *([str(n)] for n in range(50))))

    def shrink(xml):
        assert b'<dimension ref="A1:A51"' in xml
        return xml.replace(b'<dimension ref="A1:A51"', b'<dimension ref="A1:A3"')

    assert len(read(rewritten(data, "xl/worksheets/sheet1.xml", shrink)).rows) == 50


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr("gis_grids.sheets.reading.SMALL", replace(SMALL, rows=10))
    assert len(read(saved(book_of(["Name"], *(["x"] for _n in range(10))))).rows) == 10
    refused(saved(book_of(["Name"], *(["x"] for _n in range(11)))), "sheet.too_many_rows")


def test_a_row_far_below_is_refused_before_all_rows_between_are_made():
    data = rewritten(
        saved(book_of(["Name"], ["x"])),
        "xl/worksheets/sheet1.xml",
        lambda xml: re.sub(rb'r="2"', b'r="1048576"', re.sub(rb'r="A2"', b'r="A1048576"', xml)),
    )
    refused(data, "sheet.too_many_rows")


def test_a_bomb_is_refused_before_it_is_unpacked():
    zeros = b"0" * (70 * 1024 * 1024)
    data = rewritten(saved(book_of(["Name"])), "xl/styles.xml", lambda _xml: zeros)
    assert len(data) < 200_000
    refused(data, "sheet.unsafe")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
def test_declared_entities_are_refused(encoding):
    evil = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'.encode(encoding)
    data = rewritten(saved(book_of(["Name"])), "xl/workbook.xml", lambda xml: evil + xml)
    refused(data, "sheet.unsafe")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file.empty"),
        (b"PK\x03\x04 and no more", "sheet.broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "sheet.locked"),
        (b"x" * (20 * 1024 * 1024 + 1), "file.too_big"),
        (b"\xff\xff\xff\xff", "sheet.broken"),
        ("名称,\0\0,\n\0".encode("gbk"), "sheet.broken"),
        (b"Title\r\nNothing", "sheet.no_headings"),
        (b"<html><table><tr><td>Name</td></tr></table></html>", "sheet.web_page"),
        (b"Name,Name\r\na,b", "sheet.heading_twice"),
        ("Name,名称\r\na,b".encode(), "sheet.heading_twice"),
    ],
)
def test_what_is_no_table_is_refused(data, code):
    refused(data, code)


def test_a_zip_that_is_no_workbook_is_refused():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.txt", "Name")
    refused(file.getvalue(), "sheet.broken")


def test_the_missing_headings_are_named():
    with pytest.raises(BadFile) as caught:
        read(saved(book_of(["Name"], ["x"])), required=("name", "note", "feedback"))
    assert caught.value.details["missing"] == "备注（说明）, 时限 反馈"


@pytest.mark.parametrize(
    ("encoding", "notes"),
    [("utf-8", []), ("utf-8-sig", []), ("gbk", ["GBK"]), ("utf-16", ["UTF-16"])],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_is_read_in_the_encodings_and_forms_that_excel_and_wps_write(encoding, notes, delimiter):
    text = delimiter.join(["名称", "备注（说明）"]) + "\r\n" + delimiter.join(["路灯", '"一\n二"']) + "\r\n"
    table = read(text.encode(encoding), name="list.csv")
    assert values(table) == [{"name": "路灯", "note": "一\n二"}]
    assert [note.details["encoding"] for note in table.notes] == notes
