"""The worker that does the jobs: it outlives a failing job, a restarted database and a killed colleague."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING

from procrastinate.contrib.django import DjangoApp
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import ConnectorException
from procrastinate.psycopg_connector import PsycopgConnector

from households.jobs import blueprint as household_jobs
from incidents import jobs

if TYPE_CHECKING:
    from procrastinate import App

logger = logging.getLogger(__name__)

#: Seconds between two signs of life of a worker, and after how many without one its jobs are done again.
HEARTBEAT, DEAD_AFTER = 5.0, 20.0
#: Seconds between two looks for jobs of dead workers, and between two looks for jobs that are due.
RESCUE_EVERY, POLL_EVERY = 5.0, 1.0
#: How long a job that runs may take to end when the process is told to stop.
GRACE = 25.0
#: The longest wait before another try to reach the database.
LONGEST_WAIT = 10.0


def worker_app() -> App:
    """Return the app that works. Its connections are its own: jobs use Django's, as everything else does."""
    connector = PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=4, timeout=5)
    app = DjangoApp(connector=connector)
    app.add_tasks_from(jobs.blueprint, namespace="")
    app.add_tasks_from(household_jobs, namespace="")
    return app


async def work(*, concurrency: int, stopping: asyncio.Event) -> None:
    """Do jobs until ``stopping`` is set. Whatever goes wrong is logged, and tried again a little later."""
    app, wait = worker_app(), 1.0
    while not stopping.is_set():
        started = asyncio.get_running_loop().time()
        try:
            await _work_once(app, concurrency, stopping)
        except Exception as error:  # noqa: BLE001 - the worker must outlive everything but its end
            logger.warning("The job worker was interrupted (%s); it begins anew.", type(error).__name__)
        if asyncio.get_running_loop().time() - started > LONGEST_WAIT:
            wait = 1.0
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), wait)
        wait = min(2 * wait, LONGEST_WAIT)


async def _work_once(app: App, concurrency: int, stopping: asyncio.Event) -> None:
    async with app.open_async():
        await rescue(app)
        logger.info("The job worker is at work.")
        worker = asyncio.create_task(
            app.run_worker_async(
                concurrency=concurrency,
                install_signal_handlers=False,
                # Most jobs are for later: asking each second is cheaper than being woken by each report.
                listen_notify=False,
                fetch_job_polling_interval=POLL_EVERY,
                update_heartbeat_interval=HEARTBEAT,
                stalled_worker_timeout=DEAD_AFTER,
                shutdown_graceful_timeout=GRACE,
            )
        )
        others = [asyncio.create_task(_rescue_for_ever(app)), asyncio.create_task(stopping.wait())]
        await asyncio.wait([worker, *others], return_when=asyncio.FIRST_COMPLETED)
        for task in (worker, *others):
            task.cancel()
        results = await asyncio.gather(worker, *others, return_exceptions=True)
        for result in results:
            if isinstance(result, Exception):
                raise result


async def _rescue_for_ever(app: App) -> None:
    while True:
        await asyncio.sleep(RESCUE_EVERY)
        await rescue(app)


async def rescue(app: App) -> int:
    """Give back the jobs of workers that died in the middle of them; return how many.

    procrastinate leaves them "doing" for ever (procrastinate#1518), also once the dead worker's row was
    pruned. A worker counts as dead after `DEAD_AFTER` seconds without a sign of life; should it live after
    all, its job is done twice, which is harmless.
    """
    stalled = list(await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_AFTER))
    for job in stalled:
        # Another worker may have been faster.
        with contextlib.suppress(ConnectorException):
            await app.job_manager.retry_job(job)
            logger.warning("Job %s (%s) is done again: its worker died.", job.id, job.task_name)
    return len(stalled)
