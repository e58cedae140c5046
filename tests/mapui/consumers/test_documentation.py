"""docs/websocket.md against the wire."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from mapui import wire
from mapui.consumers import base, gate, parsing

TEXT = (Path(__file__).resolve().parents[3] / "docs" / "websocket.md").read_text()
EXAMPLES = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", TEXT, re.DOTALL)]
KINDS = {
    field.default if isinstance(field.default, str) else field.annotation.__args__[0]: message
    for message in vars(wire).values()
    if isinstance(message, type) and (field := getattr(message, "model_fields", {}).get("kind"))
}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["kind"])
def test_example_is_a_message_with_all_its_fields(example):
    message = KINDS[example["kind"]].model_validate_json(json.dumps(example))
    assert set(example) == set(type(message).model_fields)
    assert json.loads(message.model_dump_json()).keys() == example.keys()


def test_every_message_is_documented():
    assert {example["kind"] for example in EXAMPLES} == set(KINDS)
    for kind in KINDS:
        assert f"\n### {kind}\n" in TEXT


def test_codes_and_limits_are_those_of_the_program():
    for code in (
        base.CLOSE_LOG_IN,
        base.CLOSE_NO_RIGHT,
        base.CLOSE_TRY_LATER,
        gate.CLOSE_UNKNOWN_PATH,
        gate.CLOSE_FAULT,
    ):
        assert f"| {code} |" in TEXT
    assert f"{parsing.MAX_CHARACTERS:,}" in TEXT
