"""Writes of the second floor: reports, actions on cases, the catalogue."""

from incidents.services.action_input import Part, Told
from incidents.services.actions import Acted, act
from incidents.services.bulk import Command, act_on_many
from incidents.services.declared import Declared
from incidents.services.matters import load_matters
from incidents.services.report import Reported, report_incident, report_incidents
from incidents.services.report_content import NewReport
from incidents.services.timeouts import move_on

__all__ = [
    "Acted",
    "Command",
    "Declared",
    "NewReport",
    "Part",
    "Reported",
    "Told",
    "act",
    "act_on_many",
    "load_matters",
    "move_on",
    "report_incident",
    "report_incidents",
]
