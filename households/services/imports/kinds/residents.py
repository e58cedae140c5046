"""Residents out of a table: who lives in which household, as what."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from households.models import Residence, Resident
from households.services.imports.cells import choice, date, identity, person_name, phone, text, yes_no
from households.services.imports.kinds.base import Kind
from households.services.imports.kinds.households import HOUSEHOLDER, NUMBER
from households.services.imports.kinds.resident_taker import ResidentTaker
from households.services.imports.kinds.where import ADDRESS
from households.services.imports.rows import Column, named

IDENTITY: Final = Column(
    key="identity",
    label=_("Identity number"),
    headings=named("身份证号|Identity number|身份证号码|公民身份号码|证件号码|身份证|ID number|ID card"),
    read=identity,
)
NAME: Final = Column(
    key="name",
    label=pgettext_lazy("person", "Name"),
    headings=named("姓名|Name|居民姓名|名字|Full name"),
    read=person_name,
    is_required=True,
)
PHONE: Final = Column(
    key="phone",
    label=pgettext_lazy("column", "Phone"),
    headings=named("电话|Phone|联系电话|手机|手机号|手机号码|联系方式|电话号码|Telephone"),
    read=phone,
)
_COLUMNS: Final = (
    NAME,
    IDENTITY,
    NUMBER,
    *(column for column in ADDRESS if column.key != "unit"),
    replace(HOUSEHOLDER, headings=named("户主|Householder|户主姓名|Head of household|Head")),
    Column(
        key="relation",
        label=_("Relation to the head"),
        headings=named("与户主关系|Relation to the head|关系|家庭关系|与房主关系|Relation"),
        read=choice(
            dict(Residence.Relation.choices),
            head="户主 本人 房主 户主本人",
            spouse="配偶 妻 夫 妻子 丈夫 夫妻 爱人 wife husband",
            child="子 女 儿子 女儿 长子 次子 长女 次女 三子 三女 独生子 独生女 son daughter",
            parent="父 母 父亲 母亲 公公 婆婆 岳父 岳母 father mother",
            grandparent="祖父 祖母 外祖父 外祖母 爷爷 奶奶 外公 外婆",
            grandchild="孙子 孙女 外孙 外孙女 孙",
            sibling="兄 弟 姐 妹 哥哥 弟弟 姐姐 妹妹 兄弟 姐妹 兄弟姐妹 brother sister",
            tenant="租户 租客 承租人",
            other="其它 非亲属 亲属",
        ),
    ),
    Column(
        key="gender",
        label=_("Gender"),
        headings=named("性别|Gender|Sex"),
        read=choice(dict(Resident.Gender.choices), female="女 f 女性", male="男 m 男性"),
    ),
    Column(
        key="born_on",
        label=_("Born on"),
        headings=named("出生日期|Born on|出生年月日|生日|Date of birth|Born"),
        read=date,
    ),
    PHONE,
    Column(
        key="registration",
        label=_("Registration"),
        headings=named("户籍类型|Registration|人口类型|人口类别|常住或流动|户口性质"),
        read=choice(
            dict(Residence.Registration.choices),
            permanent="常住 常住人口 户籍 户籍人口 本地 在册",
            floating="流动 流动人口 外来 外来人口 暂住",
        ),
    ),
    Column(
        key="is_representative",
        label=_("Household's representative"),
        headings=named("户代表|Household's representative|是否户代表|Representative"),
        read=yes_no,
    ),
    Column(
        key="since",
        label=pgettext_lazy("column", "Here since"),
        headings=named("入住日期|Here since|入住时间|迁入日期|迁入时间|Moved in"),
        read=date,
    ),
    Column(
        key="note",
        label=_("Note"),
        headings=named("备注|Note|说明|Remark"),
        read=text(200),
        is_free=True,
    ),
)

RESIDENTS: Final = Kind(
    key="residents",
    columns=_COLUMNS,
    taker=ResidentTaker,
    other_labels={
        "household": _("Household"),
        "role_since": _("In this role since"),
        "former_head": pgettext_lazy("relation", "Head"),
        "former_representative": _("Household's representative"),
    },
)
