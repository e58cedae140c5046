"""The forms of routes, the negative list, templates and grants; what may be, the services decide."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from gis_grids.services.texts import MAX_ITEM
from gis_grids.services.texts import MAX_TEXT as MAX_REASON
from incidents.models import STATE_LABELS
from incidents.services.negative_list import MAX_NUMBER
from incidents.services.templates import MAX_ORDER, MAX_TEXT
from mapui.office.rules.choices import matter_options, people_options, private_matters, unit_options
from mapui.office.rules.fields import ALL_MATTERS, LinesField, PostsField

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from incidents.models import MessageTemplate, NegativeItem, RoutingRule

_SEPARATORS = re.compile(r"[,，、;；\n]")


class RuleForm(forms.Form):
    """A form whose services' refusals stand beside the field that they are about."""

    #: By the code of the error, or what it begins with.
    about: ClassVar[dict[str, str]] = {"matter.": "matter_code", "unit.": "unit_id"}

    def refuse(self, code: str, sentence: str) -> None:
        """Show a refusal beside its field, or above all where it is about none."""
        field = next((name for start, name in self.about.items() if code.startswith(start)), None)
        self.add_error(field if field in self.fields else None, sentence)

    def _offer(self, name: str, options: list[tuple[str, Any]]) -> None:
        self.fields[name].choices = options  # type: ignore[attr-defined]


class RouteForm(RuleForm):
    """A rule: whose cases, where, go to whom."""

    about: ClassVar = {**RuleForm.about, "route.posts": "posts", "route.there_already": "unit_id"}

    matter_code = forms.ChoiceField(label=_("Matter"), required=False)
    unit_id = forms.TypedChoiceField(label=_("Grid"), required=False, coerce=int, empty_value=None)
    posts = PostsField(required=True)
    is_automatic = forms.BooleanField(label=_("Assign reports at once"), required=False)

    def __init__(
        self,
        roots: Collection[int],
        rule: RoutingRule | None,
        data: Mapping[str, Any] | None,
        *,
        is_everywhere: bool,
    ) -> None:
        names = ("matter_code", "unit_id", "posts", "is_automatic")
        super().__init__(data, initial={name: getattr(rule, name) for name in names} if rule else None)
        self._offer("matter_code", [("", ALL_MATTERS), *matter_options(rule.matter_code if rule else "")])
        everywhere = [("", _("Everywhere"))] if is_everywhere or (rule and rule.unit_id is None) else []
        units = unit_options(roots, here=rule.unit_id if rule else None)
        self._offer("unit_id", [*everywhere, *units])
        if not everywhere:
            self.fields["unit_id"].required = True


class ItemForm(RuleForm):
    """An item of the negative list."""

    about: ClassVar = {
        **RuleForm.about,
        "negative.title": "title",
        "negative.concerns": "keywords",
        "negative.keywords": "keywords",
        "negative.number": "number",
        "text.": "keywords",
    }

    title = forms.CharField(label=_("What is not the community's to do"), max_length=MAX_ITEM)
    matter_code = forms.ChoiceField(label=_("Warns for the matter"), required=False)
    keywords = LinesField(_("Warns for the words, one on each line"))
    reason = forms.CharField(
        label=_("Reason, and who does it"),
        max_length=MAX_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    number = forms.CharField(
        label=_("Number"), max_length=MAX_NUMBER, required=False, help_text=_("Empty: the next one.")
    )

    def __init__(self, item: NegativeItem | None, data: Mapping[str, Any] | None) -> None:
        names = ("title", "matter_code", "keywords", "reason", "number")
        super().__init__(data, initial={name: getattr(item, name) for name in names} if item else None)
        self._offer("matter_code", [("", "–"), *matter_options(item.matter_code if item else "")])

    def clean_keywords(self) -> list[str]:
        """Return the words; commas divide them as well as lines do."""
        lines: list[str] = self.cleaned_data["keywords"]
        return [word.strip() for line in lines for word in _SEPARATORS.split(line) if word.strip()]


class WarningForm(forms.Form):
    """A text as somebody might report it, to see what warns."""

    tried_matter = forms.ChoiceField(label=_("Matter"), required=False)
    tried_text = forms.CharField(
        label=_("Text"), max_length=MAX_REASON, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, data: Mapping[str, Any] | None) -> None:
        super().__init__(data)
        self.fields["tried_matter"].choices = [("", "–"), *matter_options()]  # type: ignore[attr-defined]


class TemplateForm(RuleForm):
    """A message to begin with."""

    about: ClassVar = {
        **RuleForm.about,
        "template.text": "text_zh",
        "template.state": "state",
        "template.order": "order",
        "text.": "text_zh",
    }

    state = forms.ChoiceField(label=_("State"), choices=list(STATE_LABELS.items()))
    matter_code = forms.ChoiceField(label=_("Matter"), required=False)
    text_zh = forms.CharField(
        label=_("Text (Chinese)"), max_length=MAX_TEXT, widget=forms.Textarea(attrs={"rows": 3})
    )
    text_en = forms.CharField(
        label=_("Text (English)"),
        max_length=MAX_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("{number}, {matter} and {unit} are filled in."),
    )
    order = forms.IntegerField(label=_("Place"), min_value=0, max_value=MAX_ORDER, initial=10)

    def __init__(self, template: MessageTemplate | None, data: Mapping[str, Any] | None) -> None:
        names = ("state", "matter_code", "text_zh", "text_en", "order")
        super().__init__(
            data, initial={name: getattr(template, name) for name in names} if template else None
        )
        here = template.matter_code if template else ""
        self._offer("matter_code", [("", ALL_MATTERS), *matter_options(here)])


class GrantForm(RuleForm):
    """Who may see the cases of which private matter, where, until when."""

    about: ClassVar = {
        "grant.not_private": "matter_code",
        "grant.no_post": "holder_id",
        "grant.yourself": "holder_id",
        "grant.term": "last",
        "grant.there_already": "holder_id",
        **RuleForm.about,
    }

    matter_code = forms.ChoiceField(label=_("Private matter"))
    unit_id = forms.TypedChoiceField(label=_("Grid"), coerce=int)
    holder_id = forms.TypedChoiceField(label=_("Person"), coerce=int)
    last = forms.DateField(
        label=_("Last day"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )

    def __init__(self, roots: Collection[int], user_id: int | None, data: Mapping[str, Any] | None) -> None:
        super().__init__(data)
        self._offer("matter_code", list(private_matters()))
        # Nothing is chosen beforehand: leave is given to nobody by oversight.
        self._offer("unit_id", [("", "–"), *unit_options(roots)])
        self._offer("holder_id", [("", "–"), *people_options(roots, but=user_id)])
