"""What people are called, and what those without the right see."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from gis_grids.people import mask_name, mask_phone, name_of


@pytest.mark.parametrize(
    ("name", "masked"),
    [("张三", "张*"), (" 欧阳娜娜 ", "欧*"), ("王", "*"), ("", ""), ("  ", ""), ("Li Lei", "L*")],
)
def test_names(name, masked):
    assert mask_name(name) == masked


@pytest.mark.parametrize(
    ("last", "first", "called"),
    [
        ("王", "小明", "王小明"),
        ("", "王小明", "王小明"),
        ("𠮷", "野", "𠮷野"),
        ("Li", "Lei", "Lei Li"),
        ("", "", "worker"),
        (" ", "", "worker"),
    ],
)
def test_what_people_are_called(last, first, called):
    assert name_of(User(username="worker", last_name=last, first_name=first)) == called


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("13812341234", "138****1234"),
        ("+8613812341234", "+86****1234"),
        ("12345678", "****"),
        ("110", "****"),
        ("", ""),
    ],
)
def test_phones(phone, masked):
    assert mask_phone(phone) == masked
