"""Households out of a table: new ones, and changes to those that are there."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from households.models import Tenure
from households.services.imports.cells import choice, date, person_name, phone, whole
from households.services.imports.kinds.base import Kind
from households.services.imports.kinds.household_taker import HouseholdTaker
from households.services.imports.kinds.where import ADDRESS, COORDINATES
from households.services.imports.rows import Column, named

NUMBER: Final = Column(
    key="id",
    label=_("Number of the household"),
    headings=named("户编号|Household no.|住户编号|Household id|Number of the household"),
    read=whole(1, 10**9 - 1),
)
HOUSEHOLDER: Final = Column(
    key="householder",
    label=_("Householder"),
    headings=named("户主|Householder|户主姓名|住户姓名|联系人|姓名|Head of household|Head|Name"),
    read=person_name,
)
_COLUMNS: Final = (
    NUMBER,
    *ADDRESS,
    HOUSEHOLDER,
    Column(
        key="phone",
        label=pgettext_lazy("column", "Phone"),
        headings=named("电话|Phone|联系电话|手机|手机号|手机号码|联系方式|电话号码|户主电话|Telephone"),
        read=phone,
    ),
    Column(
        key="size",
        label=pgettext_lazy("column", "Residents"),
        headings=named("人口|Residents|人口数|家庭人口|家庭人口数|人数|常住人口数|户内人数|居民|People"),
        read=whole(0, 99),
    ),
    Column(
        key="tenure",
        label=pgettext_lazy("column", "Tenure"),
        headings=named("居住性质|Tenure|住房性质|产权|产权性质|房屋性质|居住类型|自住或出租"),
        read=choice(
            dict(Tenure.choices), owner="自住 自有 业主 产权人 自购", tenant="租住 出租 租赁 租客 承租"
        ),
    ),
    Column(
        key="since",
        label=pgettext_lazy("column", "Here since"),
        headings=named("入住日期|Here since|入住时间|迁入日期|迁入时间|Moved in"),
        read=date,
    ),
    *COORDINATES,
)

HOUSEHOLDS: Final = Kind(
    key="households",
    columns=_COLUMNS,
    taker=HouseholdTaker,
    other_labels={"place": _("Place"), "head_since": _("Head since")},
)
