from __future__ import annotations

import pytest
from django.utils import translation

from gis_grids.errors import BadInput, NotFound, Refused
from incidents.catalogue import TEMPLATES
from incidents.models import MessageTemplate
from incidents.selectors.templates import all_templates, fill, templates_for
from incidents.services.templates import delete_template, load_templates, save_template
from incidents.workflow import State

pytestmark = pytest.mark.django_db


def save(world, *, actor=None, **changes):
    fields = {"state": State.CLOSED, "text_zh": "已办结", "text_en": "Closed", "order": 5}
    return save_template(actor=actor or world.head, **fields | changes)


def test_the_first_templates_are_sound_and_loaded_once(world):
    assert MessageTemplate.objects.count() == len(TEMPLATES)
    assert load_templates() == 0
    for template in MessageTemplate.objects.all():
        template.full_clean()
        for text in (template.text_zh, template.text_en):
            filled = fill(text, number="N1", matter="M1", unit="U1")
            assert not {"{", "}"} & set(filled)
            assert "M1" in filled
    assert set(templates_for("rubbish")) >= {State.ACCEPTED, State.NEED_INFO, State.RESOLVED, State.CLOSED}


def test_the_matter_s_own_come_before_those_for_all(world):
    MessageTemplate.objects.all().delete()
    general = [save(world, order=1), save(world, order=0)]
    own = [save(world, matter_code="noise", order=9), save(world, matter_code="noise", order=8)]
    other = save(world, matter_code="noise", state=State.ACCEPTED)
    save(world, matter_code="road")
    assert templates_for("noise") == {
        State.CLOSED: [own[1], own[0], general[1], general[0]],
        State.ACCEPTED: [other],
    }
    assert templates_for("") == {State.CLOSED: [general[1], general[0]]}
    assert len(all_templates()) == 6


def test_a_template_is_read_in_the_reader_s_language(world):
    both, chinese = save(world), save(world, text_en="")
    with translation.override("en"):
        assert (both.text, chinese.text) == ("Closed", "已办结")
    with translation.override("zh-hans"):
        assert both.text == "已办结"


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("{number}：{matter}，{unit}", "A-1：{unit}，幸福{number}区"),
        ("{other} {} {number!r} {number.x} %s %(a)s }{", "{other} {} {number!r} {number.x} %s %(a)s }{"),
        ("{{number}}", "{A-1}"),
        ("", ""),
    ],
)  # fmt: skip
def test_only_the_known_places_are_filled(text, filled):
    assert fill(text, number="A-1", matter="{unit}", unit="幸福{number}区") == filled


def test_a_template_is_changed_and_deleted(world):
    made = save(world)
    changed = save(world, template_id=made.pk, text_zh=" 已完成 ", state="resolved", actor=world.operator)
    assert (changed.pk, changed.text_zh, changed.state) == (made.pk, "已完成", "resolved")
    delete_template(actor=world.head, template_id=made.pk)
    assert not MessageTemplate.objects.filter(pk=made.pk).exists()


@pytest.mark.parametrize(
    ("changes", "error", "code"),
    [
        ({"text_zh": " "}, BadInput, "template.text"),
        ({"text_en": "x" * 501}, BadInput, "text.too_long"),
        ({"state": "nowhere"}, BadInput, "template.state"),
        ({"order": -1}, BadInput, "template.order"),
        ({"matter_code": "nothing"}, BadInput, "matter.unknown"),
        ({"template_id": 0}, NotFound, "template.unknown"),
    ],
)
def test_what_makes_no_template_is_refused(world, changes, error, code):
    with pytest.raises(error) as caught:
        save(world, **changes)
    assert caught.value.code == code
    assert str(caught.value)
    assert MessageTemplate.objects.count() == len(TEMPLATES)


@pytest.mark.parametrize("name", ["worker", "colleague", "lead", "stranger", "office"])
def test_templates_are_kept_by_the_district(world, name):
    made, actor = save(world), getattr(world, name)
    for change in (
        lambda: save(world, actor=actor),
        lambda: save(world, actor=actor, template_id=made.pk, text_zh="别的"),
        lambda: delete_template(actor=actor, template_id=made.pk),
    ):
        with pytest.raises(Refused) as caught:
            change()
        assert caught.value.code == "template.not_yours"
    made.refresh_from_db()
    assert made.text_zh == "已办结"
