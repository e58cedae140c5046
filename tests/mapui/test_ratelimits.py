"""Limits of reports: generous, by person and by address, counted together by all processes."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from time import monotonic

import pytest
from django.core.cache import caches
from django.core.cache.backends.locmem import LocMemCache
from django.test import RequestFactory
from django.utils.translation import override

from gis_grids.errors import RateLimited
from mapui import ratelimits
from mapui.project import cache as shared_cache
from mapui.ratelimits import Outage, ReportLimits, address_of, address_of_socket

needs_redis = pytest.mark.skipif(not shutil.which("redis-server"), reason="redis-server is not installed")


def passed(limits, count, user=1, address="10.0.0.1"):
    """Return how many of so many reports pass."""
    return sum(passes(limits, user, address) for _ in range(count))


def passes(limits, user, address):
    try:
        limits.admit(user, address)
    except RateLimited:
        return False
    return True


def test_who_is_refused_is_told_when_to_come_again():
    limits = ReportLimits("1/minute", "100/minute")
    limits.admit(1, "10.0.0.1")
    with pytest.raises(RateLimited) as refused:
        limits.admit(1, "10.0.0.1")
    seconds = refused.value.details["retry_after_s"]
    assert 1 <= seconds <= 60
    with override("en"):
        assert f"in {seconds} seconds" in str(refused.value)


def test_phone_with_two_hundred_reports_passes_at_once():
    assert passed(ReportLimits("600/5 minutes", "6000/5 minutes"), 200) == 200


def test_limit_of_a_person_is_his_own():
    limits = ReportLimits("3/minute", "100/minute")
    assert passed(limits, 5, user=1) == 3
    assert passed(limits, 5, user=2) == 3


def test_limit_of_an_address_is_that_of_all_who_share_it():
    limits = ReportLimits("3/minute", "5/minute")
    assert sum(passed(limits, 3, user=n) for n in range(5)) == 5
    assert passed(limits, 3, user=9, address="10.0.0.2") == 3


def test_who_comes_from_no_known_address_is_counted_by_person_alone():
    assert sum(passed(ReportLimits("3/minute", "1/minute"), 3, user=n, address="") for n in range(3)) == 9


def test_after_the_window_it_passes_again():
    limits = ReportLimits("2/second", "100/second")
    assert passed(limits, 2) == 2
    end = monotonic() + 10
    while not passed(limits, 1):
        assert monotonic() < end


@pytest.mark.parametrize(("behind", "found"), [(False, "10.0.0.9"), (True, "203.0.113.7")])
def test_forwarded_address_counts_only_behind_a_proxy(settings, behind, found):
    settings.BEHIND_PROXY = behind
    forwarded = "1.2.3.4, 203.0.113.7"  # the client may write what it likes; the last hop is the proxy's
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.9", HTTP_X_FORWARDED_FOR=forwarded)
    assert address_of(request) == found
    for headers in (
        [(b"x-forwarded-for", forwarded.encode())],
        [(b"x-forwarded-for", b"1.2.3.4"), (b"x-forwarded-for", b"203.0.113.7")],
    ):
        assert address_of_socket({"client": ("10.0.0.9", 4711), "headers": headers}) == found


def test_socket_without_address():
    assert address_of_socket({"headers": []}) == ""


def test_outage_is_logged_once_however_long(caplog):
    outage = Outage("Away", pause_s=0.01)
    for _ in range(5):
        outage.begin(ConnectionError("redis://user:secret@10.0.0.7"))
        while outage:
            pass
    assert caplog.messages == ["Away (ConnectionError)"]


# --- over a real Redis ----------------------------------------------------------------------------


class Redis:
    def __init__(self, folder):
        self.url = f"unix://{folder / 'redis.sock'}"
        self.process = subprocess.Popen(
            ["redis-server", "--port", "0", "--unixsocket", folder / "redis.sock", "--save", ""],
            stdout=subprocess.DEVNULL,
        )
        while not (folder / "redis.sock").exists():
            time.sleep(0.01)

    def hang(self):
        os.kill(self.process.pid, signal.SIGSTOP)

    def end(self):
        self.process.kill()
        self.process.wait()


@pytest.fixture
def redis(tmp_path, monkeypatch):
    monkeypatch.setattr(shared_cache, "_outage", Outage("Away"))
    LocMemCache("without-redis", {}).clear()
    server = Redis(tmp_path)
    yield server
    server.end()


@needs_redis
def test_nothing_is_wasted_at_the_end_of_a_window(redis):
    limits = ReportLimits("60000/second", "600000/second", redis.url)
    for _ in range(1000):  # at most 10,000 in a second, over more than one window
        assert passed(limits, 10) == 10
        time.sleep(0.001)


@needs_redis
def test_processes_count_together(redis):
    here, there = [ReportLimits("10/minute", "100/minute", redis.url) for _ in range(2)]
    assert passed(here, 6) + passed(there, 6) == 10


@needs_redis
def test_few_reports_cost_a_question_to_redis(redis, monkeypatch):
    asked = []
    original = ratelimits.RedisStorage.incr

    def counting(self, *args, **kwargs):
        asked.append(1)
        return original(self, *args, **kwargs)

    monkeypatch.setattr(ratelimits.RedisStorage, "incr", counting)
    limits = ReportLimits("600/5 minutes", "6000/5 minutes", redis.url)
    assert passed(limits, 200) == 200
    assert len(asked) == 20 + 2


@needs_redis
@pytest.mark.parametrize("fault", ["hang", "end"])
def test_redis_that_is_away_holds_nobody_up_and_each_process_counts_by_itself(redis, fault):
    limits = ReportLimits("3/minute", "100/minute", redis.url)
    getattr(redis, fault)()
    started = monotonic()
    assert passed(limits, 20) == 3
    assert monotonic() - started < 1


async def test_event_loop_is_not_held_up(monkeypatch):
    limits = ReportLimits("3/minute", "100/minute")
    for _ in range(3):
        await limits.admit_soon(1, "10.0.0.1")
    with pytest.raises(RateLimited):
        await limits.admit_soon(1, "10.0.0.1")


@needs_redis
@pytest.mark.parametrize("fault", ["hang", "end"])
def test_cache_works_without_redis(redis, settings, fault):
    backend = {"BACKEND": "mapui.project.cache.SharedCache", "LOCATION": redis.url}
    settings.CACHES = {"default": backend}
    cache = caches["default"]
    cache.set("before", [1.5])
    assert cache.get("before") == [1.5]
    getattr(redis, fault)()
    started = monotonic()
    assert cache.add("lock", 1)
    assert not cache.add("lock", 1)
    cache.set("count", 1)
    assert cache.incr("count") == 2
    assert cache.get_many(["count", "nothing"]) == {"count": 2}
    assert cache.delete("count")
    assert cache.get("count") is None
    assert monotonic() - started < 1


@needs_redis
def test_log_in_works_without_redis_and_attempts_are_counted(redis, settings, client, db):
    settings.CACHES = {"default": {"BACKEND": "mapui.project.cache.SharedCache", "LOCATION": redis.url}}
    redis.hang()
    started = monotonic()
    for _ in range(5):
        assert client.post("/accounts/login/", {"login": "nobody", "password": "wrong"}).status_code == 200
    assert monotonic() - started < 5
    refused = client.post("/accounts/login/", {"login": "nobody", "password": "wrong"})
    assert refused.context["form"].non_field_errors() or refused.status_code == 429
