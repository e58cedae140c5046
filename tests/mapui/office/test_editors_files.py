"""The catalogue as a workbook: there and back, what is wrong row by row, and who may."""

from __future__ import annotations

import io
import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from openpyxl import Workbook, load_workbook

from incidents.models import Matter
from mapui.office.rules.files import MAX_BYTES
from tests.incidents.world import make_world

pytestmark = pytest.mark.django_db
FILE, FULL, EMPTY = (f"/office/catalogue/{name}" for name in ("file/", "full.xlsx", "empty.xlsx"))


@pytest.fixture(autouse=True)
def _in_english(client):
    client.cookies.load({"django_language": "en"})
    with translation.override("en"):
        yield


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def desk(client, world):
    client.force_login(world.head)
    return client


def shown(page) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page.content.decode())))


def exported(desk) -> Workbook:
    return load_workbook(io.BytesIO(desk.get(FULL).content))


def look(desk, book: Workbook):
    file = io.BytesIO()
    book.save(file)
    return desk.post(FILE, {"file": SimpleUploadedFile("catalogue.xlsx", file.getvalue())})


def cell(book: Workbook, code: str, heading: str):
    """Return the cell of a matter under a heading."""
    lines = list(book.active.iter_rows())
    column = next(n for n, each in enumerate(lines[0]) if each.value == heading)
    return next(line[column] for line in lines if line[0].value == code)


def token(page) -> str:
    found = re.search(r'name="looked_at" value="([^"]+)"', page.content.decode())
    assert found
    return unescape(found[1])


def test_an_export_comes_back_and_changes_nothing(desk):
    said = shown(look(desk, exported(desk)))
    assert "nothing to import" in said
    assert set(Matter.objects.values_list("version", flat=True)) == {1}


def test_a_changed_file_is_looked_at_first_and_then_imported(desk):
    book = exported(desk)
    cell(book, "noise", "Name (English)").value = "Loud noise"
    page = look(desk, book)
    assert page.status_code == 200
    assert "Name (English)" in shown(page)
    assert Matter.objects.get(code="noise").name_en == "Noise"
    done = desk.post(FILE, {"looked_at": token(page)}, follow=True)
    assert "0 new, 1 changed" in shown(done)
    assert Matter.objects.get(code="noise", is_current=True).name_en == "Loud noise"


def test_findings_are_told_by_row_and_column_and_nothing_is_imported(desk):
    book = exported(desk)
    cell(book, "noise", "Class").value = "Sometimes"
    cell(book, "lamp", "Name (English)").value = "Lamp"
    page = look(desk, book)
    said = shown(page)
    assert page.status_code == 422
    assert f"{cell(book, 'noise', 'Class').row} Class “Sometimes”" in said
    assert "looked_at" not in page.content.decode()
    assert '<td data-title="Row">' in page.content.decode()
    assert Matter.objects.get(code="lamp").name_en == "Street lamp out"


def test_what_a_colleague_changed_after_the_look_is_not_overwritten(desk):
    book = exported(desk)
    cell(book, "noise", "Name (English)").value = "Loud noise"
    first, second = token(look(desk, book)), token(look(desk, book))
    assert desk.post(FILE, {"looked_at": first}).status_code == 302
    cell(book, "noise", "Name (English)").value = "Theirs"
    assert "was changed after the file was exported" in shown(look(desk, book))
    desk.post(FILE, {"looked_at": second})
    assert Matter.objects.filter(code="noise").count() == 2


@pytest.mark.parametrize(
    "data",
    [b"", b"nonsense", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, b"a,b\n1,2\n"],
)
def test_a_file_that_is_no_catalogue_is_told(desk, data):
    page = desk.post(FILE, {"file": SimpleUploadedFile("catalogue.xlsx", data)})
    assert page.status_code == 422
    assert 'class="error"' in page.content.decode()


def test_too_big_a_file_and_none_at_all_are_told(desk):
    big = SimpleUploadedFile("catalogue.csv", b"x" * (MAX_BYTES + 1))
    assert "at most 1 MB" in shown(desk.post(FILE, {"file": big}))
    assert desk.post(FILE, {"file": ""}).status_code == 422


@pytest.mark.parametrize("looked_at", ["", "x", "a:b:c", "\0"])
def test_only_what_was_looked_at_is_imported(desk, looked_at):
    answer = desk.post(FILE, {"looked_at": looked_at}, follow=True)
    assert "too old" in shown(answer)


def test_the_empty_template_has_the_headings_alone(desk):
    lines = list(load_workbook(io.BytesIO(desk.get(EMPTY).content)).active.values)
    full = list(exported(desk).active.values)
    assert lines == full[:1]
    assert desk.get(FULL.replace("full", "some")).status_code == 404


@pytest.mark.parametrize("who", ["lead", "office"])
def test_who_does_not_keep_the_catalogue_exports_it_only(client, world, who):
    client.force_login(getattr(world, who))
    assert client.get(FULL).status_code == 200
    assert client.get(FILE).status_code == 403
    assert client.post(FILE, {"looked_at": "x"}).status_code == 403
