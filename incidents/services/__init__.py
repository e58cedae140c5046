"""Writes of the second floor: reports, actions on cases, the catalogue."""

from incidents.services.action_input import Part, Told
from incidents.services.actions import Acted, act
from incidents.services.bulk import Command, act_on_many
from incidents.services.declared import Declared
from incidents.services.emergencies import declare_emergency, end_emergency
from incidents.services.errands import create_errand
from incidents.services.escalations import escalate
from incidents.services.matters import load_matters
from incidents.services.report import Reported, report_incident, report_incidents
from incidents.services.report_content import DevicePoint, NewReport
from incidents.services.rosters import (
    Published,
    ShiftHours,
    copy_roster,
    delete_roster,
    end_roster,
    publish_roster,
    save_roster,
)
from incidents.services.timeouts import move_on
from incidents.services.turns import assign_turns, give_time_off, remove_turn

__all__ = [
    "Acted",
    "Command",
    "Declared",
    "DevicePoint",
    "NewReport",
    "Part",
    "Published",
    "Reported",
    "ShiftHours",
    "Told",
    "act",
    "act_on_many",
    "assign_turns",
    "copy_roster",
    "create_errand",
    "declare_emergency",
    "delete_roster",
    "end_emergency",
    "end_roster",
    "escalate",
    "give_time_off",
    "load_matters",
    "move_on",
    "publish_roster",
    "remove_turn",
    "report_incident",
    "report_incidents",
    "save_roster",
]
