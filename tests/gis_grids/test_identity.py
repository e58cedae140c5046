"""Identity numbers: checked by GB 11643, found again by a digest, and in no message."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from gis_grids.errors import BadInput
from gis_grids.identity import read_identity
from gis_grids.sealing import DIGEST_SIZE, digest

TODAY = date(2026, 11, 29)
# The example of the standard; nobody's.
NUMBER = "11010519491231002X"

# What is read and written every day: with the last sign by the rule, as nobody can guess it.
bodies = st.tuples(
    st.sampled_from(["110105", "130302", "371071", "659001"]),
    st.dates(min_value=date(1900, 1, 1), max_value=TODAY),
    st.integers(0, 999),
).map(lambda parts: f"{parts[0]}{parts[1]:%Y%m%d}{parts[2]:03}")


def whole(body):
    return body + ric.calc_check_digit(body + "0")


@given(bodies)
def test_every_number_of_the_rule_is_read(body):
    found = read_identity(whole(body), today=TODAY)
    assert found.born_on == date.fromisoformat(body[6:14])
    assert found.last_four == whole(body)[-4:]
    assert found.is_male == (int(body[16]) % 2 == 1)


@given(bodies, st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(body, place, by):
    number = whole(body)
    wrong = str((int(number[place]) + by) % 10)
    with pytest.raises(BadInput):
        read_identity(number[:place] + wrong + number[place + 1 :], today=TODAY)


@pytest.mark.parametrize(
    "written", [" 110105 19491231 002x", "１１０１０５１９４９１２３１００２Ｘ", "110105-19491231-002X"]
)
def test_the_same_number_has_the_same_digest_however_it_is_written(written):
    found = read_identity(written, today=TODAY)
    assert found.digest == digest(NUMBER, "identity") == read_identity(NUMBER, today=TODAY).digest
    assert len(found.digest) == DIGEST_SIZE
    assert found.last_four == "002X"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("1.10105194912310E+17", "identity.rounded"),
        ("110105194912310020.0", "identity.rounded"),
        ("110105491231002", "identity.old"),
        ("11010519491231002", "identity.form"),
        ("A1010519491231002X", "identity.form"),
        ("", "identity.form"),
        ("110105194913310020", "identity.date"),
        (whole("11010520990101002"), "identity.date"),
        ("110105194912310021", "identity.check"),
    ],
)
def test_what_is_wrong_is_said_without_the_number(written, code):
    with pytest.raises(BadInput) as caught:
        read_identity(written, today=TODAY)
    assert caught.value.code == code
    for part in (str(caught.value), repr(caught.value)):
        assert "1101" not in part


def test_a_digest_depends_on_the_key_and_the_purpose(settings):
    first = digest(NUMBER, "identity")
    assert digest(NUMBER, "phone") != first
    settings.DIGEST_KEY = "another-key" * 5
    assert digest(NUMBER, "identity") != first


def test_a_number_is_not_in_its_representation():
    assert "1101" not in repr(read_identity(NUMBER, today=TODAY))
