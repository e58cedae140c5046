"""Do the jobs, as a process of its own: escalations, limits of states, and what keeps the jobs alive."""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand

from incidents.management.worker import work

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    """``manage.py run_jobs``: runs until SIGTERM or SIGINT, then ends what it has begun and stops."""

    # The worker has no pages: what is wrong with one must not keep the clocks from running.
    requires_system_checks = ()
    help = "Do the timed jobs until stopped. As many processes as one likes can run at once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the one setting: how many jobs run at once."""
        parser.add_argument("--concurrency", type=int, default=2, help="How many jobs run at once.")

    def handle(self, *, concurrency: int, **_options: Any) -> None:  # noqa: ANN401 - Django's options
        """Run until told to stop."""
        asyncio.run(_until_stopped(concurrency))


async def _until_stopped(concurrency: int) -> None:
    stopping = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stopping.set)
    await work(concurrency=concurrency, stopping=stopping)
