"""Files and cells as street offices really have them: each is told, none is half imported."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import pytest
import xlwt
from django.utils import translation

from gis_grids.errors import BadFile
from households.models import Household, ImportRun, Resident
from households.services.imports import begin_import, confirm_import
from households.services.imports.words import WORDS, sentence
from tests.households.imports.making import codes, csv_file, workbook

pytestmark = pytest.mark.django_db

HEAD = ["地址", "户主", "电话", "人口", "入住日期"]
GOOD = ["阳光花园1号楼1单元101", "张三", "13800000001", 3, None]


def notes(run):
    return [note["code"] for note in run.layout["notes"]]


def found(world, *cells, head=HEAD, change=None):
    """Return what is said of one row with these cells."""
    run = world.begin(workbook(head, [*GOOD[:2], *cells], change=change))
    assert run.state == "checked", run.error
    assert not Household.objects.exists()
    return codes(run, 2)


def test_headings_may_be_merged_and_stand_in_two_rows_under_a_title(world):
    def merge(book):
        for cells in ("A1:D1", "A2:A3", "B2:C2", "D2:D3"):
            book.active.merge_cells(cells)

    table = workbook(
        ["阳光社区住户登记表"],
        ["地址", "户主", None, "人口"],
        [None, "姓名", "电话", None],
        GOOD[:4],
        change=merge,
    )
    run = world.begin(table)
    assert (run.state, run.counts) == ("checked", {"new": 1})
    assert run.layout["headings"] == ["地址", "户主 姓名", "户主 电话", "人口"]


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        (["=1+1", 1, None], "sheet.formula"),
        (["13800000001", "三人", None], "cell.number"),
        (["1.38E+10", 1, None], "phone.rounded"),
        (["138000000012", 1, None], "phone.length"),
        (["13800000001、13800000002", 1, None], "phone.several"),
        (["没有", 1, None], "phone.form"),
        (["13800000001", 1, "5/3/1990"], "cell.date"),
        (["13800000001", 1, "1900-01-00"], "sheet.day_zero"),
        (["13800000001", 1, "1990-02-30"], "cell.date"),
        (["13800000001", 1, dt.date(2990, 2, 3)], "cell.date_range"),
        (["13800000001", 1, "#N/A"], "sheet.error_value"),
    ],
)
def test_cells_that_can_not_be_taken(world, cells, code):
    assert found(world, *cells) == [code]


def test_a_day_zero_as_the_spreadsheet_stores_it(world):
    def format_as_date(book):
        book.active["E2"].number_format = "yyyy-mm-dd"

    assert found(world, "13800000001", 1, 0, change=format_as_date) == ["sheet.day_zero"]


@pytest.mark.parametrize(
    "day", ["1990年3月5日", "1990.3.5", "19900305", "1990/03/05", 19900305, dt.date(1990, 3, 5)]
)
def test_dates_as_people_write_them(world, day):
    world.imported(workbook(HEAD, [*GOOD[:4], day]))
    assert Household.objects.get().since == dt.date(1990, 3, 5)


@pytest.mark.parametrize(
    ("name", "code"), [("张三😀", "name.odd"), ("张\u200b三", "cell.unseen"), ("=张三()", "name.odd")]
)
def test_names_that_are_none(world, name, code):
    run = world.begin(csv_file(HEAD, [GOOD[0], name, None, 1, None]), name="list.csv")
    assert codes(run) == [code]


def test_a_cell_like_a_formula_stays_a_text(world):
    run = world.imported(
        csv_file(["地址", "小区", "户主", "网格"], ["@SUM(A1)", None, "张三", world.leaf.code]), name="a.csv"
    )
    assert codes(run) == ["cell.like_formula"]
    assert Household.objects.get().address == "@SUM(A1)"


def test_sixty_thousand_empty_rows_are_passed_over(world):
    def far_below(book):
        book.active.cell(row=60_000, column=1, value=" ")
        book.active.cell(row=60_001, column=1, value="阳光花园2号楼1单元101")

    run = world.begin(workbook(HEAD, GOOD, change=far_below))
    assert (run.state, run.rows_total, run.counts) == ("checked", 2, {"new": 2})


def test_a_workbook_with_macros_is_read_and_not_run(world):
    data = io.BytesIO(workbook(HEAD, GOOD))
    with zipfile.ZipFile(data, "a") as book:
        book.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0")
    run = world.begin(data.getvalue(), name="list.xlsm")
    assert (run.state, notes(run)) == ("checked", ["sheet.macros"])


def test_a_workbook_called_csv_is_read_as_what_it_is(world):
    run = world.begin(workbook(HEAD, GOOD), name="list.csv")
    assert (run.state, notes(run)) == ("checked", ["sheet.is_workbook"])


def test_an_old_workbook_is_read(world):
    book = xlwt.Workbook()
    sheet = book.add_sheet("住户")
    for row, cells in enumerate(
        [HEAD, [*GOOD[:4], dt.date(1990, 3, 5)], ["阳光花园1号楼1单元102", "李四", 13800000002, 2.0, ""]]
    ):
        for column, value in enumerate(cells):
            style = (
                xlwt.easyxf(num_format_str="YYYY-MM-DD")
                if isinstance(value, dt.date)
                else xlwt.Style.default_style
            )
            sheet.write(row, column, value, style)
    file = io.BytesIO()
    book.save(file)
    run = world.imported(file.getvalue(), name="list.xls")
    assert (run.counts, notes(run)) == ({"new": 2}, ["sheet.old_workbook"])
    assert Household.objects.get(householder="张三").since == dt.date(1990, 3, 5)
    assert Household.objects.get(householder="李四").phone == "13800000002"


def test_a_zip_bomb_is_refused(world):
    data = io.BytesIO(workbook(HEAD, GOOD))
    with zipfile.ZipFile(data, "a", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/worksheets/sheet2.xml", b"0" * (30 * 1024 * 1024))
    run = world.begin(data.getvalue())
    assert (run.state, run.error["code"]) == ("failed", "sheet.unsafe")


def test_a_file_of_300_mb_is_refused_before_it_is_kept(world):
    with pytest.raises(BadFile) as caught:
        begin_import(
            actor=world.clerk,
            kind="households",
            unit_id=world.unit.pk,
            name="list.xlsx",
            size=300 * 1024 * 1024,
            chunks=[],
        )
    assert caught.value.code == "file.too_big"
    assert not ImportRun.objects.exists()


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"PK\x03\x04 and no more", "list.xlsx", "sheet.broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "list.xls", "sheet.locked"),
        (b"<html><table><tr><td>x</td></tr></table></html>", "list.xls", "sheet.web_page"),
        (b"hello", "list.csv", "sheet.no_table"),
        ("地址,户主\r\n".encode(), "list.csv", "import.nothing"),
        (b"\xff\xff\xff", "list.csv", "sheet.broken"),
    ],
)
def test_files_that_are_no_tables(world, data, name, code):
    run = world.begin(data, name=name)
    assert (run.state, run.error["code"]) == ("failed", code)
    assert sentence(run.error["code"], run.error["details"])


def test_rows_of_sums_are_left_out(world):
    run = world.begin(workbook(HEAD, GOOD, ["合计", None, None, 3, None]))
    assert (run.counts, codes(run, 3)) == ({"new": 1, "left": 1}, ["row.total"])


def test_nothing_personal_is_in_the_log_when_the_database_refuses(world, monkeypatch, caplog):
    run = world.begin(workbook(HEAD, GOOD))
    monkeypatch.setattr(
        "households.services.imports.kinds.household_taker.place_fields",
        lambda _place, _crs: {"place_source": "survey"},  # without a place: a breach of a constraint
    )
    confirm_import(actor=world.clerk, run_id=run.pk, with_changes=True, others="leave")
    run = world.work(run)
    assert (run.state, run.error["code"]) == ("failed", "import.broken")
    assert "CheckViolation" in caplog.text
    assert "张三" not in caplog.text
    assert not Resident.objects.exists()


def test_every_sentence_is_whole():
    with translation.override("zh-hans"):
        assert all(str(words) for words in WORDS.values())
