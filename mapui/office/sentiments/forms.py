"""The forms of residents' views; what may be, the services decide."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from households.models import HeardFrom, Topic
from households.services.sentiments import MAX_SENTIMENT
from mapui.office.pinned import PlaceField
from mapui.office.rules.forms import RuleForm

_MOMENT = "%Y-%m-%dT%H:%M"


class SentimentForm(RuleForm):
    """What residents said, where and when. The form has its own id: sent twice, it is one note."""

    about: ClassVar = {"place.": "place", "point.": "place", "sentiment.": "text", "text.": "text"}

    sentiment_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    topic = forms.ChoiceField(label=_("Topic"), choices=Topic.choices)
    text = forms.CharField(
        label=_("What was said"),
        max_length=MAX_SENTIMENT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("In short, and without names."),
    )
    heard = forms.ChoiceField(label=_("How it was heard"), choices=HeardFrom.choices)
    at = forms.DateTimeField(
        label=_("When"),
        input_formats=[_MOMENT],
        widget=forms.DateTimeInput(format=_MOMENT, attrs={"type": "datetime-local"}),
        initial=timezone.now,
    )
    place = PlaceField()


class AnswerForm(RuleForm):
    """What became of a view."""

    about: ClassVar = {"sentiment.": "answer", "text.": "answer"}

    answer = forms.CharField(
        label=_("What became of it"),
        max_length=MAX_SENTIMENT,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
