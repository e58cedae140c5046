from __future__ import annotations

import io
from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation
from openpyxl import load_workbook

from gis_grids.errors import BadFile, Refused
from gis_grids.sheets import write_csv
from incidents.models import PRIORITY_LABELS, Matter, Mode
from incidents.selectors.matters import fields_of
from incidents.services.catalogue_columns import COLUMNS
from incidents.services.catalogue_files import catalogue_sheet, export_catalogue, import_catalogue
from incidents.services.matters import save_matter, withdraw_matter
from incidents.workflow import Priority

pytestmark = pytest.mark.django_db


@pytest.fixture
def catalogue(world):
    """The world, with one matter that has something in every field."""
    case = (Priority.CRITICAL, Mode.EMERGENCY)
    before = fields_of(current("errand"))
    limits = {**before.limits, case: replace(before.limits[case], calendar="duty", feedback_minutes=3)}
    fields = replace(
        before,
        legal_basis="=《条例》第3条\n+第4条",
        needs_photo=True,
        is_private=True,
        route=("building_steward", "grid_leader"),
        is_automatic=True,
        nearby_m=7,
        nearby_hours=8,
        errand_steps=("=核对、材料", "送还，结果"),
        limits=limits,
    )
    save_matter(actor=world.head, code="errand", fields=fields, expected_version=1)
    return world


def current(code="rubbish"):
    return Matter.objects.get(code=code, is_current=True)


def exported():
    file = io.BytesIO()
    export_catalogue(file)
    return file.getvalue()


def edited(*changes, data=None):
    """An export with cells changed: (code, heading in Chinese, value); an unknown code is a new row."""
    book = load_workbook(io.BytesIO(data or exported()))
    sheet = book.active
    places = {cell.value: cell.column for cell in sheet[1]}
    rows = {sheet.cell(row, places["编码"]).value: row for row in range(2, sheet.max_row + 1)}
    for code, heading, value in changes:
        row = rows.setdefault(code, sheet.max_row + 1)
        sheet.cell(row, places["编码"]).value = code
        sheet.cell(row, places[heading]).value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def take(world, data, *, actor=None, name="目录.xlsx", **options):
    return import_catalogue(actor=actor or world.head, data=data, name=name, **options)


def found(done):
    return [(each.row, each.column, each.code) for each in done.findings]


@pytest.fixture(autouse=True)
def _in_chinese():
    with translation.override("zh-hans"):
        yield


def test_headings_call_priorities_as_the_screens_do(catalogue):
    words = {heading.split("·")[0] for heading in catalogue_sheet().headings if "·" in heading}
    assert words == {str(label) for label in PRIORITY_LABELS.values()}


# There and back.


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("reader", ["zh-hans", "en"])
def test_importing_one_s_own_export_changes_nothing(catalogue, language, reader):
    versions = set(Matter.objects.values_list("code", "version"))
    with translation.override(language):
        data = exported()
    with translation.override(reader):
        done = take(catalogue, data)
    assert (done.findings, done.notes) == ((), ())
    assert done.is_written
    assert not any(row.changed or row.is_new for row in done.rows)
    assert set(Matter.objects.values_list("code", "version")) == versions


def test_a_csv_file_goes_there_and_back_as_well(catalogue):
    file = io.BytesIO()
    write_csv(file, catalogue_sheet())
    done = take(catalogue, file.getvalue(), name="目录.csv")
    assert (done.findings, done.notes) == ((), ())
    assert not any(row.changed for row in done.rows)


def test_an_empty_catalogue_takes_over_all_of_an_export(catalogue):
    data, before = exported(), {each.code: fields_of(each) for each in Matter.objects.filter(is_current=True)}
    for matter in Matter.objects.order_by("version"):
        Matter.objects.filter(pk=matter.pk).update(code=f"was-{matter.code}", is_current=False)
    done = take(catalogue, data)
    assert found(done) == []
    assert all(row.is_new for row in done.rows)
    assert {each.code: fields_of(each) for each in Matter.objects.filter(is_current=True)} == before


def test_every_field_has_a_column_in_both_languages():
    assert len({column.zh for column in COLUMNS}) == len({column.en for column in COLUMNS}) == len(COLUMNS)
    assert len(COLUMNS) == 2 + 17 + 6 * 4


def test_no_cell_of_the_export_is_a_formula(catalogue):
    for row in load_workbook(io.BytesIO(exported())).active.iter_rows():
        assert all(cell.data_type in "snb" for cell in row)


# What an import does.


def test_only_what_changed_gets_a_new_version(catalogue):
    data = edited(
        ("rubbish", "名称（英文）", "Waste"),
        ("rubbish", "普通·常态·反馈（分钟）", 20),
        ("road", "类别", "must"),
        ("lamp", "派单顺序", "Grid leader、网格员"),
        ("care", "自动派单", "是"),
    )
    done = take(catalogue, data)
    assert found(done) == []
    changed = {row.code: row.changed for row in done.rows if row.changed}
    assert changed == {
        "rubbish": ("name_en", "limits"),
        "road": ("matter_class",),
        "lamp": ("route",),
        "care": ("is_automatic",),
    }
    assert {code for code, version in Matter.objects.values_list("code", "version") if version == 2} == {
        *changed,
        "errand",
    }
    rubbish = current()
    assert (rubbish.name_en, rubbish.changed_by) == ("Waste", catalogue.head)
    assert fields_of(rubbish).limits[Priority.NORMAL, Mode.NORMAL].feedback_minutes == 20
    assert current("lamp").route == ["grid_leader", "grid_worker"]


def new_row(code="tree"):
    cells = {
        "名称（中文）": "树木倒伏",
        "名称（英文）": "Fallen tree",
        "类别": "协助",
        "承担方式": "部门承担",
    }
    cells |= {"图标": "tree", "颜色": "#00FF00"}
    cells |= {column.zh: 60 for column in COLUMNS if column.key.endswith("_minutes")}
    return [(code, heading, value) for heading, value in cells.items()]


def test_a_new_row_is_a_new_matter(catalogue):
    done = take(catalogue, edited(*new_row()))
    assert found(done) == []
    assert [row.code for row in done.rows if row.is_new] == ["tree"]
    tree = current("tree")
    assert (tree.version, tree.name_zh, tree.matter_class, tree.colour) == (
        1,
        "树木倒伏",
        "assist",
        "#00ff00",
    )
    assert tree.limits.count() == 6


def test_a_table_with_few_columns_changes_those_alone(catalogue):
    before = fields_of(current())
    done = take(catalogue, "编码,名称（中文）\nrubbish,垃圾\n".encode("gbk"), name="少.csv")
    assert found(done) == []
    assert len(done.notes) == 1
    assert fields_of(current()) == replace(before, name_zh="垃圾")


# Findings.


BAD = [
    ("rubbish", "类别", "随便"),
    ("road", "普通·常态·处置（分钟）", "两小时"),
    ("stall", "私密", "也许"),
    ("noise", "颜色", "red"),
    ("drain", "普通·常态·反馈（分钟）", 999_999),
    ("lamp", "派单顺序", "国王"),
    ("care", "名称（中文）", None),
    ("dispute", "法律依据", "=1+1"),
]


def test_every_bad_row_is_shown_and_none_is_imported(catalogue):
    before = set(Matter.objects.values_list("code", "version"))
    done = take(catalogue, edited(*BAD, ("building", "名称（英文）", "Fine")))
    assert not done.is_written
    assert set(Matter.objects.values_list("code", "version")) == before
    assert sorted((column, code) for _row, column, code in found(done)) == sorted(
        [
            ("类别", "cell.choice"),
            ("普通·常态·处置（分钟）", "cell.number"),
            ("私密", "cell.yes_no"),
            ("颜色", "matter.colour"),
            ("普通·常态·反馈（分钟）", "matter.limits"),
            ("派单顺序", "cell.choice"),
            ("名称（中文）", "matter.names"),
            ("法律依据", "sheet.formula"),
        ]
    )
    codes = [each.code for each in done.rows]
    for code, column, _value in BAD:
        row = done.rows[codes.index(code)].row
        assert (row, column) in {(each.row, each.column) for each in done.findings}
    assert all(each.sentence for each in done.findings)
    assert [each.changed for each in done.rows if each.code == "building"] == [("name_en",)]


def test_a_new_matter_with_gaps_says_what_it_lacks(catalogue):
    done = take(catalogue, edited(("tree", "名称（中文）", "树木")))
    columns = [each.column for each in done.findings]
    assert columns[:4] == ["名称（英文）", "类别", "承担方式", "图标"]
    assert "普通·常态·反馈（分钟）" in columns


def test_a_code_twice_or_none_at_all_is_found(catalogue):
    text = "Code,Name (Chinese)\nrubbish,甲\nrubbish,乙\n,丙\n"
    done = take(catalogue, text.encode(), name="a.csv")
    assert [each for each in found(done) if each[1] == "Code"] == [
        (3, "Code", "row.repeated"),
        (4, "Code", "matter.code"),
    ]


def test_what_somebody_changed_since_the_export_is_not_overwritten(catalogue):
    data = edited(("rubbish", "名称（英文）", "Waste"))
    fields = replace(fields_of(current()), name_en="Litter")
    save_matter(actor=catalogue.operator, code="rubbish", fields=fields, expected_version=1)
    done = take(catalogue, data)
    assert found(done) == [(2, "版本", "matter.stale")]
    assert current().name_en == "Litter"


def test_a_withdrawn_matter_is_not_brought_back_unnoticed(catalogue):
    data = edited(("rubbish", "名称（英文）", "Waste"))
    withdraw_matter(actor=catalogue.head, code="rubbish", expected_version=1)
    assert found(take(catalogue, data)) == [(2, "", "matter.withdrawn")]


def test_a_dry_run_writes_nothing_and_says_the_same(catalogue):
    data = edited(("rubbish", "名称（英文）", "Waste"), *new_row())
    planned = take(catalogue, data, is_dry_run=True)
    assert not planned.is_written
    assert current().version == 1
    assert not Matter.objects.filter(code="tree").exists()
    done = take(catalogue, data)
    assert (done.rows, done.is_written) == (planned.rows, True)


@pytest.mark.parametrize("name", ["worker", "lead", "stranger", "office"])
def test_who_may_not_edit_the_catalogue_does_not_import_it(catalogue, name):
    with pytest.raises(Refused):
        take(catalogue, exported(), actor=getattr(catalogue, name))


def test_a_file_that_is_no_catalogue_is_refused(catalogue):
    with pytest.raises(BadFile) as caught:
        take(catalogue, b"a,b\n1,2\n", name="a.csv")
    assert caught.value.code == "sheet.no_headings"


# The commands.


def run(*arguments):
    out, err = StringIO(), StringIO()
    with translation.override("en"):
        call_command(*arguments, stdout=out, stderr=err, skip_checks=True)
    return out.getvalue()


def test_the_commands_export_and_import(catalogue, tmp_path):
    file = tmp_path / "catalogue.xlsx"
    assert run("export_catalogue", file) == f"The catalogue is in {file}.\n"
    assert run("import_catalogue", file, "--as", "head").startswith("14 rows: 0 new matters, 0 changed.")
    file.write_bytes(edited(("rubbish", "名称（英文）", "Waste")))
    said = run("import_catalogue", file, "--as", "head", "--dry-run")
    assert said == "14 rows: 0 new matters, 1 changed.\nThis was a dry run: nothing was written.\n"
    assert current().version == 1
    run("import_catalogue", file, "--as", "head")
    assert current().name_en == "Waste"


def test_the_import_command_says_what_is_wrong(catalogue, tmp_path):
    file = tmp_path / "catalogue.xlsx"
    file.write_bytes(edited(("rubbish", "颜色", "red")))
    err = StringIO()
    with pytest.raises(CommandError), translation.override("en"):
        call_command("import_catalogue", file, "--as", "head", stderr=err, skip_checks=True)
    assert err.getvalue().startswith("Row 2, 颜色: “red” is no colour.")
    for path, user in ((tmp_path / "none.xlsx", "head"), (file, "nobody"), (file, "worker")):
        with pytest.raises(CommandError):
            run("import_catalogue", path, "--as", user)
