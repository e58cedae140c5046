"""What those without the right see of a person."""

from __future__ import annotations

import pytest

from households.masking import mask_name, mask_phone


@pytest.mark.parametrize(
    ("name", "masked"),
    [("张三", "张*"), (" 欧阳娜娜 ", "欧*"), ("王", "王*"), ("", ""), ("  ", ""), ("Li Lei", "L*")],
)
def test_names(name, masked):
    assert mask_name(name) == masked


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
