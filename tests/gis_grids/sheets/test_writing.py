from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile

import pytest
from openpyxl import load_workbook

from gis_grids.sheets import Sheet, write_csv, write_xlsx

EVIL = [
    "=1+1",
    "+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\n=1",
    " =1",
    "\u3000=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM",
    '=HYPERLINK("http://x","y")',
]


def sheet_of(*rows, headings=("内容",)):
    return Sheet(title="清单", headings=headings, rows=rows)


def workbook(*sheets):
    file = io.BytesIO()
    write_xlsx(file, sheets)
    return file


def csv_rows(sheet):
    file = io.BytesIO()
    write_csv(file, sheet)
    assert file.getvalue().startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(file.getvalue().decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("text", [*EVIL, "\r=1", "#N/A", "=", "-"])
def test_no_cell_of_a_workbook_is_a_formula(text):
    file = workbook(sheet_of([text], headings=[text]))
    for row in load_workbook(file).active.iter_rows():
        for cell in row:
            assert cell.data_type == "s"
            assert cell.value == text.replace("\r", "\n")
    with zipfile.ZipFile(file) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("text", [*EVIL, "\r=1", "\r\n+1"])
def test_no_cell_of_a_csv_file_can_be_taken_for_a_formula(text):
    assert csv_rows(sheet_of([text])) == [
        ["内容"],
        ["'" + text.replace("\r\n", "\n").replace("\r", "\n")],
    ]


def test_what_looks_like_a_formula_is_text_when_somebody_edits_it():
    [[_heading], [evil], [plain]] = load_workbook(workbook(sheet_of(["=1"], ["1=1"]))).active.iter_rows()
    assert evil.quotePrefix
    assert not plain.quotePrefix


def test_numbers_and_dates_are_what_they_are():
    zone = dt.timezone(dt.timedelta(hours=8))
    at = dt.datetime(2026, 3, 4, 5, 6, tzinfo=zone)
    values = [-5, 2.5, dt.date(2026, 3, 4), at, None, True, float("nan"), 123456789012345678]
    row = list(load_workbook(workbook(sheet_of(values, headings="abcdefgh"))).active.iter_rows())[1]
    read = [cell.value for cell in row]
    midnight = dt.datetime(2026, 3, 4)  # noqa: DTZ001 - a workbook knows no zones
    naive = at.replace(tzinfo=None)
    assert read == [-5, 2.5, midnight, naive, None, True, None, "123456789012345678"]
    assert [row[2].number_format, row[3].number_format] == ["yyyy-mm-dd", "yyyy-mm-dd hh:mm"]
    assert row[3].is_date
    assert csv_rows(sheet_of(values, headings="abcdefgh"))[1][:4] == [
        "-5",
        "2.5",
        "2026-03-04",
        "2026-03-04 05:06",
    ]


def test_headings_stand_out_stay_and_filter():
    sheet = load_workbook(workbook(sheet_of(["一" * 12, 1], headings=["名称", "n"]))).active
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:B1"
    assert sheet["A1"].font.bold
    assert sheet["A1"].fill.fgColor.rgb == "00DCE6F1"
    assert sheet.column_dimensions["A"].width == 26
    assert sheet.column_dimensions["B"].width == 8
    assert sheet.title == "清单"


def test_what_no_workbook_can_hold_is_replaced():
    file = workbook(
        Sheet(title="a/b[c]" + "长" * 40, headings=["x"], rows=[["a\x00b\ud800c"], ["长" * 40_000]])
    )
    sheet = load_workbook(file).active
    assert sheet["A2"].value == "a\ufffdb\ufffdc"
    assert len(sheet["A3"].value) == 32_767
    assert sheet.title.startswith("a-b-c-长")
    assert csv_rows(sheet_of(["a\x00b\ud800c"]))[1] == ["a\ufffdb\ufffdc"]


def test_rows_may_come_one_by_one_into_a_file_of_several_sheets(tmp_path):
    path = tmp_path / "many.xlsx"
    sheets = [
        Sheet(title=f"s{n}", headings=["a", "b"], rows=((i, str(i)) for i in range(500))) for n in range(2)
    ]
    write_xlsx(path, sheets)
    book = load_workbook(path)
    assert book.sheetnames == ["s0", "s1"]
    assert [book["s1"].max_row, book["s1"]["A501"].value] == [501, 499]
    write_csv(tmp_path / "many.csv", Sheet(title="", headings=["a"], rows=([i] for i in range(3))))
    assert (tmp_path / "many.csv").read_bytes() == b'\xef\xbb\xbf"a"\r\n0\r\n1\r\n2\r\n'


def test_an_empty_text_is_an_empty_cell():
    sheet = load_workbook(workbook(sheet_of(["", "x"], headings="ab"))).active
    assert (sheet["A2"].value, sheet["A2"].data_type, sheet["B2"].value) == (None, "n", "x")


def test_a_sheet_without_rows_has_its_headings():
    sheet = load_workbook(workbook(sheet_of())).active
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [["内容"]]
    assert csv_rows(sheet_of()) == [["内容"]]
