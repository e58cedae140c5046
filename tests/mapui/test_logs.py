"""What libraries write to the log, cut down to what somebody can read."""

from __future__ import annotations

import logging

from mapui.project.logs import OneLine, OneLinePerOutage, WithoutWords


def record(message, error=None):
    info = (type(error), error, None) if error else None
    return logging.LogRecord("some.library", logging.ERROR, "", 0, message, None, info)


def test_error_is_named_without_traceback_and_without_its_words():
    one = record("Unexpected exception in receive task", ConnectionError("redis://user:secret@10.0.0.7"))
    assert OneLine().filter(one)
    assert logging.Formatter("{message}", style="{").format(one) == (
        "Unexpected exception in receive task (ConnectionError)"
    )


def test_outage_is_one_line_and_the_next_outage_another():
    once = OneLinePerOutage()
    once.silence_s = 60
    assert [bool(once.filter(record("away", ConnectionError()))) for _ in range(3)] == [True, False, False]
    once._last -= 120  # two minutes without a word
    assert once.filter(record("away", ConnectionError()))


def test_foreign_host_is_one_line(client, caplog):
    logger = logging.getLogger("django.security.DisallowedHost")
    assert any(isinstance(one, OneLine) for one in logger.filters)
    assert client.get("/healthz", headers={"host": "evil.example"}).status_code == 400
    assert "evil.example" in caplog.text
    assert "Traceback" not in caplog.text


def test_a_traceback_says_where_and_what_kind_and_not_what_was_written():
    def fail(name):
        try:
            int(name)
        except ValueError as error:
            error.add_note(name)
            raise ExceptionGroup(name, [KeyError(name)]) from error

    try:
        fail("".join("张三丰"))
    except ExceptionGroup as error:
        one = logging.LogRecord(
            "some", logging.ERROR, "", 0, "failed", None, (type(error), error, error.__traceback__)
        )
    text = WithoutWords("{message}", style="{").format(one)
    assert "张三丰" not in text.replace('fail("".join("张三丰"))', "")
    assert all(
        word in text for word in ("failed", "test_logs.py", "ValueError", "KeyError", "ExceptionGroup")
    )


def test_errors_of_the_machine_keep_their_words():
    one = record("failed", OSError(28, "No space left on device"))
    assert "No space left on device" in WithoutWords("{message}", style="{").format(one)
