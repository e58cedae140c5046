"""A first catalogue of matters (服务事项清单), after the tasks that S0 and S3 name.

The time limits are examples: no published standard gives hours that hold everywhere, so each place sets
its own in the office.
"""

from __future__ import annotations

from typing import NamedTuple

HOUR, DAY = 60, 24 * 60


class MatterEntry(NamedTuple):
    """One matter; the fields are those of `Matter`, limits in minutes for normal priority and mode.

    An urgent case has half of that time, a critical one a quarter, and in an emergency each half of it.
    """

    code: str
    name_zh: str
    name_en: str
    matter_class: str
    bearer: str
    icon: str
    colour: str
    feedback_minutes: int
    handling_minutes: int
    resolve_minutes: int
    calendar: str = "always"
    is_errand: bool = False
    errand_steps: tuple[str, ...] = ()
    route: tuple[str, ...] = ("grid_worker", "grid_leader")
    is_private: bool = False
    is_for_residents: bool = False


MATTERS: tuple[MatterEntry, ...] = (
    MatterEntry(
        "rubbish", "环境卫生", "Rubbish and hygiene", "must", "community", "trash", "#7fc97f",
        30, 2 * HOUR, DAY, is_for_residents=True,
    ),
    MatterEntry(
        "road", "道路破损", "Damaged road", "assist", "department", "road", "#e0a96d",
        HOUR, DAY, 7 * DAY, is_for_residents=True,
    ),
    MatterEntry(
        "stall", "占道经营", "Trading on the road", "assist", "department_guides", "stall", "#f4d35e",
        30, 2 * HOUR, DAY, is_for_residents=True,
    ),
    MatterEntry(
        "fire-lane", "消防通道堵塞", "Blocked fire lane", "must", "department_guides", "fire", "#ff5c5c",
        10, 30, 4 * HOUR, is_for_residents=True,
    ),
    MatterEntry(
        "e-bike", "电动车充电隐患", "Unsafe e-bike charging", "must", "department_guides", "charge",
        "#ff9f1c", 15, HOUR, 8 * HOUR, is_for_residents=True,
    ),
    MatterEntry(
        "dispute", "邻里纠纷", "Neighbours' dispute", "must", "community", "dispute", "#c792ea",
        30, 4 * HOUR, 3 * DAY,
    ),
    MatterEntry(
        "noise", "噪声扰民", "Noise", "assist", "community_assists", "noise", "#f78fb3",
        30, 2 * HOUR, DAY, is_for_residents=True,
    ),
    MatterEntry(
        "drain", "下水道堵塞", "Blocked drain", "assist", "department", "drain", "#4db6ff",
        30, 4 * HOUR, 2 * DAY, is_for_residents=True,
    ),
    MatterEntry(
        "lamp", "路灯不亮", "Street lamp out", "assist", "department", "lamp", "#fff59d",
        HOUR, DAY, 3 * DAY, is_for_residents=True,
    ),
    MatterEntry(
        "care", "独居老人关爱", "Care for elders living alone", "extend", "community", "care", "#4dd0c4",
        30, 4 * HOUR, 2 * DAY,
    ),
    MatterEntry(
        "errand", "代办", "Errand for a resident", "special", "community", "errand", "#9fa8ff",
        HOUR, DAY, 5 * DAY, is_errand=True, errand_steps=("核对材料", "代为办理", "送还结果"),
    ),
    MatterEntry(
        "building", "违章搭建", "Illegal building", "assist", "department", "build", "#d4a5a5",
        HOUR, DAY, 15 * DAY,
    ),
    MatterEntry(
        "falling", "高空抛物坠物", "Objects falling from height", "must", "department_guides", "falling",
        "#ff7ab8", 10, 30, DAY, is_for_residents=True,
    ),
    MatterEntry(
        "other", "其他", "Other", "extend", "community", "other", "#b0bec5",
        HOUR, 8 * HOUR, 5 * DAY, is_for_residents=True,
    ),
)  # fmt: skip


class TemplateEntry(NamedTuple):
    """A message to begin with in a state, for all matters; the fields are those of `MessageTemplate`."""

    state: str
    text_zh: str
    text_en: str


TEMPLATES: tuple[TemplateEntry, ...] = (
    TemplateEntry(
        "accepted",
        "您上报的“{matter}”（编号 {number}）已受理，我们会尽快安排人员处理。",
        "Your report “{matter}” (number {number}) has been accepted. Somebody will be sent soon.",
    ),
    TemplateEntry(
        "assigned",
        "您上报的“{matter}”（编号 {number}）已派给{unit}的工作人员。",
        "Your report “{matter}” (number {number}) has been given to the staff of {unit}.",
    ),
    TemplateEntry(
        "scheduled",
        "“{matter}”（编号 {number}）已列入计划，届时工作人员会到现场处理。",
        "“{matter}” (number {number}) has been scheduled. Staff will come on that day.",
    ),
    TemplateEntry(
        "in_progress",
        "工作人员已到现场，正在处理“{matter}”（编号 {number}）。",
        "Staff are on the spot and are dealing with “{matter}” (number {number}).",
    ),
    TemplateEntry(
        "need_info",
        "为处理编号 {number} 的“{matter}”，请补充：具体位置、发生时间、现场照片。",
        "To deal with “{matter}” (number {number}), please add: the exact place, the time, a photo.",
    ),
    TemplateEntry(
        "external",
        "“{matter}”（编号 {number}）需由职能部门处理，现已转办，我们会继续跟进。",
        "“{matter}” (number {number}) is for a department and has been passed on. We keep after it.",
    ),
    TemplateEntry(
        "on_hold",
        "“{matter}”（编号 {number}）因客观原因暂时无法处理，条件具备后会立即恢复。",
        "“{matter}” (number {number}) can't be dealt with for now; work goes on as soon as it can.",
    ),
    TemplateEntry(
        "admission_review",
        "“{matter}”（编号 {number}）是否属于社区事项，正由街道研究，结果会及时告知。",
        "The street is examining whether “{matter}” (number {number}) is the community's to do.",
    ),
    TemplateEntry(
        "rejected",
        "“{matter}”（编号 {number}）不属于社区事项清单。建议您联系主管部门。",
        "“{matter}” (number {number}) is not on the community's list. Please ask the department in charge.",
    ),
    TemplateEntry(
        "resolved",
        "您上报的“{matter}”（编号 {number}）已处理完毕，请评价；如未解决，可申请重新处理。",
        "Your report “{matter}” (number {number}) has been dealt with. Please rate it, or ask to reopen it.",
    ),
    TemplateEntry(
        "closed",
        "“{matter}”（编号 {number}）已办结，感谢您对{unit}工作的支持。",
        "“{matter}” (number {number}) is closed. Thank you for your help in {unit}.",
    ),
)
