"""How many statements it takes to store reports."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext

from incidents.selectors.rulebook import rulebook
from incidents.services import report_incidents


def statements(reports) -> int:
    rulebook()  # as it is but for the first report after a change
    with CaptureQueriesContext(connection) as queries:
        report_incidents(reports=reports)
    return len([query for query in queries if "SAVEPOINT" not in query["sql"]])
