"""What people read for the words of the workflow."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from incidents.workflow import Action, Actor, Clock, Priority, State

STATE_LABELS = {
    State.REPORTED: pgettext_lazy("state", "Reported"),
    State.ACCEPTED: pgettext_lazy("state", "Accepted"),
    State.ASSIGNED: pgettext_lazy("state", "Assigned"),
    State.SCHEDULED: pgettext_lazy("state", "Scheduled"),
    State.IN_PROGRESS: pgettext_lazy("state", "In progress"),
    State.NEED_INFO: pgettext_lazy("state", "Waiting for information"),
    State.EXTERNAL: pgettext_lazy("state", "Transferred"),
    State.ADMISSION_REVIEW: pgettext_lazy("state", "Admission review"),
    State.DISTRICT_REVIEW: pgettext_lazy("state", "District review"),
    State.ON_HOLD: pgettext_lazy("state", "On hold"),
    State.RESOLVED: pgettext_lazy("state", "Resolved"),
    State.CLOSED: pgettext_lazy("state", "Closed"),
    State.REJECTED: pgettext_lazy("state", "Declined"),
    State.CANCELLED: pgettext_lazy("state", "Cancelled"),
    State.VOID: pgettext_lazy("state", "Void"),
    State.DUPLICATE: pgettext_lazy("state", "Duplicate"),
    State.REOPENED: pgettext_lazy("state", "Reopened"),
}

ACTION_LABELS = {
    Action.REPORT: pgettext_lazy("action", "Report"),
    Action.ACCEPT: pgettext_lazy("action", "Accept"),
    Action.ASSIGN: pgettext_lazy("action", "Assign"),
    Action.TAKE: pgettext_lazy("action", "Start handling"),
    Action.SEND_BACK: pgettext_lazy("action", "Send back"),
    Action.SCHEDULE: pgettext_lazy("action", "Schedule"),
    Action.ASK: pgettext_lazy("action", "Ask for information"),
    Action.ANSWER: pgettext_lazy("action", "Answer"),
    Action.TRANSFER: pgettext_lazy("action", "Transfer"),
    Action.TAKE_BACK: pgettext_lazy("action", "Take back"),
    Action.REVIEW: pgettext_lazy("action", "Submit for admission review"),
    Action.ADMIT: pgettext_lazy("action", "Admit and assign"),
    Action.REJECT: pgettext_lazy("action", "Decline"),
    Action.SELF_HANDLE: pgettext_lazy("action", "Handled on the spot"),
    Action.RESOLVE: pgettext_lazy("action", "Resolve"),
    Action.CLOSE: pgettext_lazy("action", "Close"),
    Action.CANCEL: pgettext_lazy("action", "Cancel"),
    Action.MERGE: pgettext_lazy("action", "Merge as duplicate"),
    Action.UNMERGE: pgettext_lazy("action", "Separate from the other case"),
    Action.REOPEN: pgettext_lazy("action", "Reopen"),
    Action.HAND_OVER: pgettext_lazy("action", "Hand over"),
    Action.RECALL: pgettext_lazy("action", "Recall"),
    Action.VOID: pgettext_lazy("action", "Void"),
    Action.HOLD: pgettext_lazy("action", "Put on hold"),
    Action.RESUME: pgettext_lazy("action", "Go on"),
    Action.REQUEST_EXTENSION: pgettext_lazy("action", "Ask for an extension"),
    Action.EXTEND: pgettext_lazy("action", "Extend the time limit"),
    Action.REFUSE_EXTENSION: pgettext_lazy("action", "Refuse the extension"),
    Action.SPLIT: pgettext_lazy("action", "Split"),
    Action.RECATEGORISE: pgettext_lazy("action", "Change the matter"),
    Action.PRIORITISE: pgettext_lazy("action", "Change the priority"),
    Action.MOVE: pgettext_lazy("action", "Move to another grid"),
    Action.REFER_UP: pgettext_lazy("action", "Refer to the district leader"),
    Action.BLACKLIST: pgettext_lazy("action", "Put on the negative list"),
    Action.COMPLETE_STEP: pgettext_lazy("action", "Complete a step"),
    Action.REQUEST_REOPEN: pgettext_lazy("action", "Ask for reopening"),
    Action.FOLLOW_UP: pgettext_lazy("action", "Report anew, linked"),
    Action.RATE: pgettext_lazy("action", "Rate"),
    Action.REMIND: pgettext_lazy("action", "Remind"),
    Action.ADD_NOTE: pgettext_lazy("action", "Internal note"),
    Action.ATTACH: pgettext_lazy("action", "Add a file"),
    Action.ESCALATE: pgettext_lazy("action", "Escalate"),
    Action.GIVE_FEEDBACK: pgettext_lazy("action", "Give feedback"),
    Action.ABSORB: pgettext_lazy("action", "Duplicate merged into this case"),
    Action.RELEASE: pgettext_lazy("action", "Duplicate separated from this case"),
}

ACTOR_LABELS = {
    Actor.REPORTER: pgettext_lazy("actor", "Reporter"),
    Actor.ASSIGNEE: pgettext_lazy("actor", "Assignee"),
    Actor.GRID_LEAD: pgettext_lazy("actor", "Grid lead"),
    Actor.OPERATOR: pgettext_lazy("actor", "Command centre"),
    Actor.STREET_OFFICE: pgettext_lazy("actor", "Street office"),
    Actor.DISTRICT_LEADER: pgettext_lazy("actor", "District leader"),
    Actor.SYSTEM: pgettext_lazy("actor", "System"),
}

PRIORITY_LABELS = {
    Priority.NORMAL: pgettext_lazy("priority", "Normal"),
    Priority.URGENT: pgettext_lazy("priority", "Urgent"),
    Priority.CRITICAL: pgettext_lazy("priority", "Critical"),
}

CLOCK_LABELS = {
    Clock.FEEDBACK: pgettext_lazy("clock", "First feedback"),
    Clock.HANDLING: pgettext_lazy("clock", "First handling"),
    Clock.RESOLVED: pgettext_lazy("clock", "Resolution"),
    Clock.CLOSED: pgettext_lazy("clock", "Close"),
}
