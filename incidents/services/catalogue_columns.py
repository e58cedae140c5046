"""The columns of the catalogue as a table: what they are called, and how their cells are written and read."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput
from gis_grids.levels import PostKind
from incidents.models import Matter, Mode, TimeLimit
from incidents.selectors.matters import CASES_OF_LIMITS
from incidents.workflow import Priority

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gis_grids.sheets import Value

#: Languages whose words are understood in a cell, whatever the language of the headings.
LANGUAGES = ("zh-hans", "en")
_YES, _NO = ("是", "yes"), ("否", "no")
_BETWEEN = re.compile(r"[\n、,，;；]+")


class Kind(Enum):
    """What the cells of a column hold."""

    TEXT = "text"
    NUMBER = "number"
    YES_NO = "yes_no"
    CHOICE = "choice"
    LINES = "lines"
    CHOICES = "choices"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the name of the field, its headings, what its cells hold, and the words to choose from."""

    key: str
    zh: str
    en: str
    kind: Kind = Kind.TEXT
    choices: Mapping[str, Any] = field(default_factory=dict)

    @property
    def heading(self) -> str:
        """The heading in the language now active."""
        return self.en if _is_english() else self.zh

    def write(self, value: Any) -> Value:  # noqa: ANN401 - a field's value
        """Return the cell for a value, in the language now active."""
        if self.kind is Kind.YES_NO:
            return (_YES if value else _NO)[_is_english()]
        if self.kind is Kind.CHOICE:
            return str(self.choices[value])
        if self.kind is Kind.LINES:
            return "\n".join(value)
        if self.kind is Kind.CHOICES:
            return "\n".join(str(self.choices[each]) for each in value)
        cell: Value = value
        return cell

    def read(self, cell: Value) -> Any:  # noqa: ANN401 - a field's value
        """Return the value that the cell stands for. Raises `BadInput` (``cell.*``)."""
        text = "" if cell is None else str(cell).strip()
        if self.kind is Kind.NUMBER:
            return _number(cell, text)
        if self.kind is Kind.YES_NO:
            return _yes_no(cell, text)
        if self.kind is Kind.CHOICE:
            return _choice(text, self.choices)
        if self.kind is Kind.LINES:
            return tuple(line.strip() for line in text.split("\n") if line.strip())
        if self.kind is Kind.CHOICES:
            return tuple(_choice(each, self.choices) for each in _parts(text))
        return text


_PRIORITIES = {
    Priority.NORMAL: ("普通", "Normal"),
    Priority.URGENT: ("加急", "Urgent"),
    Priority.CRITICAL: ("特急", "Critical"),
}
_MODES = {Mode.NORMAL: ("常态", "normal mode"), Mode.EMERGENCY: ("应急", "emergency")}
_LIMITS = {
    "feedback_minutes": ("反馈（分钟）", "feedback (minutes)"),
    "handling_minutes": ("处置（分钟）", "handling (minutes)"),
    "resolve_minutes": ("办结（分钟）", "resolution (minutes)"),
    "calendar": ("计时", "time that counts"),
}


def _limit_columns() -> list[Column]:
    found = []
    for priority, mode in CASES_OF_LIMITS:
        (zh, en), (zh_mode, en_mode) = _PRIORITIES[priority], _MODES[mode]
        for name, (zh_limit, en_limit) in _LIMITS.items():
            choices = dict(TimeLimit.Calendar.choices) if name == "calendar" else {}
            found.append(
                Column(
                    f"limits.{priority}.{mode}.{name}",
                    f"{zh}·{zh_mode}·{zh_limit}",
                    f"{en}, {en_mode}: {en_limit}",
                    Kind.CHOICE if choices else Kind.NUMBER,
                    choices,
                )
            )
    return found


CODE = Column("code", "编码", "Code")
VERSION = Column("version", "版本", "Version", Kind.NUMBER)
#: The columns of the fields that are the matter's own, in the order of the table.
PLAIN = (
    Column("order", "序号", "Order", Kind.NUMBER),
    Column("name_zh", "名称（中文）", "Name (Chinese)"),
    Column("name_en", "名称（英文）", "Name (English)"),
    Column("matter_class", "类别", "Class", Kind.CHOICE, dict(Matter.Class.choices)),
    Column("bearer", "承担方式", "Bearer", Kind.CHOICE, dict(Matter.Bearer.choices)),
    Column("legal_basis", "法律依据", "Legal basis"),
    Column("icon", "图标", "Icon"),
    Column("colour", "颜色", "Colour"),
    Column("needs_photo", "结果须拍照", "Result needs a photo", Kind.YES_NO),
    Column("is_errand", "代办", "Errand", Kind.YES_NO),
    Column("errand_steps", "代办步骤", "Steps of the errand", Kind.LINES),
    Column("is_private", "私密", "Private", Kind.YES_NO),
    Column("is_for_residents", "居民可报", "Residents can report it", Kind.YES_NO),
    Column("route", "派单顺序", "Route", Kind.CHOICES, dict(PostKind.choices)),
    Column("is_automatic", "自动派单", "Assigned automatically", Kind.YES_NO),
    Column("nearby_m", "疑似重复距离（米）", "Perhaps the same within (m)", Kind.NUMBER),
    Column("nearby_hours", "疑似重复时间（小时）", "Perhaps the same within (hours)", Kind.NUMBER),
)
LIMITS = tuple(_limit_columns())
COLUMNS = (CODE, VERSION, *PLAIN, *LIMITS)


def _is_english() -> bool:
    return (get_language() or "").startswith("en")


def _plain(text: object) -> str:
    return unicodedata.normalize("NFKC", str(text)).casefold().strip()


def _parts(text: str) -> list[str]:
    return [part.strip() for part in _BETWEEN.split(text) if part.strip()]


def _number(cell: Value, text: str) -> int:
    if isinstance(cell, int) and not isinstance(cell, bool):
        return cell
    plain = unicodedata.normalize("NFKC", text)
    if re.fullmatch(r"-?[0-9]{1,9}", plain):
        return int(plain)
    raise BadInput(
        "cell.number", _("“%(value)s” is no whole number. Write digits only."), {"value": text[:40]}
    )


def _yes_no(cell: Value, text: str) -> bool:
    if isinstance(cell, bool):
        return cell
    plain = _plain(text)
    if plain in {*_YES, "y", "true", "1", "√"}:
        return True
    if plain in {*_NO, "n", "false", "0", ""}:
        return False
    raise BadInput(
        "cell.yes_no", _("“%(value)s” is neither yes nor no. Write 是 or 否."), {"value": text[:40]}
    )


def _choice(text: str, choices: Mapping[str, Any]) -> str:
    """Return the code of the choice; codes and the words of all our languages are understood."""
    known = {_plain(code): code for code in choices}
    for language in LANGUAGES:
        with override(language):
            known |= {_plain(label): code for code, label in choices.items()}
    try:
        return known[_plain(text)]
    except KeyError:
        raise BadInput(
            "cell.choice",
            _("“%(value)s” can't stand here. Write one of: %(known)s."),
            {"value": text[:40], "known": "、".join(map(str, choices.values()))},
        ) from None
