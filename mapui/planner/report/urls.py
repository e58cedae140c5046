"""The addresses of the impact report, below /planner/."""

from __future__ import annotations

from django.urls import path

from mapui.planner.report.concerned import concerned
from mapui.planner.report.names import households, households_csv
from mapui.planner.report.views import dossier, report, workbook

urlpatterns = [
    path("<int:plan_id>/report/", report, name="planner_report"),
    path("<int:plan_id>/report/report.xlsx", workbook, name="planner_report_xlsx"),
    path("<int:plan_id>/report/dossier.html", dossier, name="planner_dossier"),
    path("<int:plan_id>/report/households/", households, name="planner_households"),
    path("<int:plan_id>/report/households.csv", households_csv, name="planner_households_csv"),
    path("<int:plan_id>/problems/households/", concerned, name="planner_concerned"),
]
