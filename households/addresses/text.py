"""The characters of an address brought into one form: widths, dashes, Chinese numerals."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

HAN: Final = re.compile("[\u3400-\u9fff\uf900-\ufaff]")

_DASHES: Final = dict.fromkeys(map(ord, "‐‑‒–—―−~〜_"), "-")
_FORMAL: Final = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟两○", "一二三四五六七八九十百千二〇")
_VALUES: Final = {sign: value for value, sign in enumerate("〇一二三四五六七八九")} | {"零": 0}
_TENS: Final = {"十": 10, "百": 100, "千": 1000}
_NUMERALS: Final = "〇零一二三四五六七八九十百千"

#: Remarks in brackets say nothing of where it is.
_REMARK: Final = re.compile(r"[(\[{【〔][^)\]}】〕]*(?:[)\]}】〕]|$)")

#: A Chinese numeral counts as one only before what is numbered, or as a room behind it: 三里屯 stays.
_COUNTED: Final = re.compile(
    f"[{_NUMERALS}]+(?=[号院幢栋楼座门梯层室户房区期弄巷组附#-]|单元)|(?<=[号栋幢楼座元门层-])[{_NUMERALS}]+$"
)


def plain(text: str) -> str:
    """Return the text in half width, without remarks in brackets, all dashes alike and single spaces."""
    text = unicodedata.normalize("NFKC", text).translate(_DASHES)
    return " ".join(_REMARK.sub(" ", text).split())


def with_digits(text: str) -> str:
    """Return the text with Chinese numerals as digits: 二十一号楼 is 21号楼, 五〇一室 is 501室."""
    return _COUNTED.sub(lambda found: _digits(found[0]), text.translate(_FORMAL))


def _digits(numeral: str) -> str:
    if not _TENS.keys() & set(numeral):
        return "".join(str(_VALUES[sign]) for sign in numeral)
    total, last = 0, 0
    for sign in numeral:
        if sign in _TENS:
            total += (last or 1) * _TENS[sign]
            last = 0
        else:
            last = _VALUES[sign]
    return str(total + last)
