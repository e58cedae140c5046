"""Every code that geometry and vector files raise has its sentence, and no sentence is left over."""

from __future__ import annotations

import pickle
import re
from pathlib import Path

import pytest
from django.utils import translation

import gis_grids
from gis_grids.errors import BadFile, Conflict, LingeError, Stale
from gis_grids.sentences import SENTENCES, filled

CODE = re.compile(r'"(E0\d|(?:point|code|footprint|file|feature|crs|sheet|repair)\.[a-z_]+)"')


def test_codes_and_sentences_meet():
    root = Path(gis_grids.__file__).parent
    sources = [path for room in ("geometry", "vectorfiles", "sheets") for path in (root / room).rglob("*.py")]
    used = {code for path in sources for code in CODE.findall(path.read_text())}
    assert used == {code for code in SENTENCES if CODE.fullmatch(f'"{code}"')}  # others are other rooms'


def test_an_error_says_its_sentence_and_survives_pickling():
    error = BadFile.of("file.empty", file="街道.shp")
    assert (error.code, str(error), error.details) == (
        "file.empty",
        "“街道.shp” is empty.",
        {"file": "街道.shp"},
    )
    again = pickle.loads(pickle.dumps(LingeError("x", "100 %% of %(n)s", {"n": 3})))
    assert (again.code, str(again)) == ("x", "100 % of 3")
    assert isinstance(Stale("x", "y"), Conflict)
    with pytest.raises(KeyError):
        BadFile.of("file.never_written")


@pytest.mark.parametrize(
    ("language", "row"), [("en", "“A”, “B”, “C”, “D”, …"), ("zh-hans", "「A」、「B」、「C」、「D」、…")]
)
def test_names_of_several_units_are_written_as_the_language_writes_them(language, row):
    with translation.override(language):
        assert filled("next to %(units)s", {"units": tuple("ABCDE")}) == f"next to {row}"
