from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import translation

from incidents.catalogue import MATTERS
from incidents.models import Matter
from incidents.selectors import current_matters
from incidents.services import load_matters

pytestmark = pytest.mark.django_db


def test_the_first_catalogue_is_sound():
    assert load_matters() == len(MATTERS) >= 12
    for matter in Matter.objects.all():
        matter.full_clean()
        assert matter.feedback_minutes <= matter.handling_minutes <= matter.resolve_minutes
    assert len({matter.icon for matter in current_matters()}) == len(MATTERS)
    assert len({matter.colour for matter in current_matters()}) == len(MATTERS)


def test_loading_again_keeps_what_the_place_has_changed():
    load_matters()
    Matter.objects.filter(code="road").update(handling_minutes=5)
    Matter.objects.filter(code="stall").update(is_current=False)
    Matter.objects.filter(code="other").delete()
    out = StringIO()
    with translation.override("en"):
        call_command("load_matters", stdout=out, skip_checks=True)
    assert out.getvalue() == "1 matters added.\n"
    assert Matter.objects.get(code="road").handling_minutes == 5
    assert "stall" not in current_matters().values_list("code", flat=True)


def test_a_matter_is_called_in_the_reader_s_language():
    load_matters()
    matter = Matter.objects.get(code="drain")
    with translation.override("en"):
        assert str(matter) == "Blocked drain"
    with translation.override("zh-hans"):
        assert str(matter) == "下水道堵塞"
