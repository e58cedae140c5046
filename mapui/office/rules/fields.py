"""Form fields that several of the rules' forms have: a length of time, posts in their order, a text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from incidents.permissions import HANDLING_POSTS

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Minutes of each unit in which a length of time is entered.
UNITS: Final = {
    1: pgettext_lazy("unit of time", "minutes"),
    60: pgettext_lazy("unit of time", "hours"),
    1440: pgettext_lazy("unit of time", "days"),
}


def in_units(minutes: int) -> tuple[int, int]:
    """Return a length of time as a number and its unit: the biggest that leaves no rest."""
    unit = max(each for each in UNITS if minutes % each == 0)
    return minutes // unit, unit


def length_text(minutes: int) -> str:
    """Return a length of time as it is entered: 3 days."""
    number, unit = in_units(minutes)
    return f"{number} {UNITS[unit]}"


class LengthWidget(forms.MultiWidget):
    """A number, and of what."""

    def __init__(self, name: str) -> None:
        number = forms.NumberInput(attrs={"min": 1, "aria-label": name, "inputmode": "numeric"})
        unit = forms.Select(choices=list(UNITS.items()), attrs={"aria-label": _("Unit of time")})
        super().__init__([number, unit], attrs={"class": "length"})

    def decompress(self, value: int | None) -> list[int | None]:
        """Return the number and the unit."""
        return list(in_units(value)) if value else [None, 1]


class LengthField(forms.MultiValueField):
    """A length of time as people say it, in minutes for the rest of us."""

    def __init__(self, label: Any) -> None:  # noqa: ANN401 - a lazy text
        number = forms.IntegerField(min_value=1)
        unit = forms.TypedChoiceField(choices=list(UNITS.items()), coerce=int)
        super().__init__((number, unit), widget=LengthWidget(label), label=label)

    def compress(self, data_list: Sequence[int]) -> int | None:
        """Return the minutes."""
        return data_list[0] * data_list[1] if data_list else None


class PostsWidget(forms.MultiWidget):
    """As many choices as there are kinds of post that can have cases, one after the other."""

    def __init__(self) -> None:
        choices = [("", "–"), *((kind.value, kind.label) for kind in HANDLING_POSTS)]
        super().__init__(
            [
                forms.Select(choices=choices, attrs={"aria-label": f"{place}."})
                for place in range(1, len(HANDLING_POSTS) + 1)
            ],
            attrs={"class": "post-choice"},
        )

    def decompress(self, value: Sequence[str] | None) -> list[str]:
        """Return the posts, and nothing for the places that are left."""
        return [*(value or ()), *[""] * len(HANDLING_POSTS)][: len(HANDLING_POSTS)]


class PostsField(forms.MultiValueField):
    """Posts in the order in which they are tried; what is left out between them is left out."""

    def __init__(self, *, required: bool = False) -> None:
        choices = [("", "–"), *((kind.value, kind.label) for kind in HANDLING_POSTS)]
        super().__init__(
            tuple(forms.ChoiceField(choices=choices, required=False) for _kind in HANDLING_POSTS),
            widget=PostsWidget(),
            label=_("Route"),
            required=required,
            require_all_fields=False,
        )

    def compress(self, data_list: Sequence[str]) -> list[str]:
        """Return the kinds of post that were chosen, each once."""
        return list(dict.fromkeys(kind for kind in data_list if kind))


class LinesField(forms.CharField):
    """A list, an item on each line."""

    def __init__(self, label: Any, rows: int = 3) -> None:  # noqa: ANN401 - a lazy text
        super().__init__(
            label=label, required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": rows})
        )

    def prepare_value(self, value: Any) -> Any:  # noqa: ANN401 - Django's
        """Return the list as it is edited."""
        return value if isinstance(value, str) or value is None else "\n".join(value)

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]  # noqa: ANN401 - Django's
        """Return the lines that have words."""
        return [line.strip() for line in (super().to_python(value) or "").splitlines() if line.strip()]

    def validate(self, value: list[str]) -> None:
        """Leave what the lines may hold to the services."""

    def run_validators(self, value: list[str]) -> None:
        """Judge the lines as the one text that was typed."""
        super().run_validators("\n".join(value))


ALL_MATTERS = pgettext_lazy("rules", "All matters")
