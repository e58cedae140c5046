"""Norms of the seed documents, and when one is kept: words of the field and a rule, without models."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.db import models
from django.utils.translation import pgettext_lazy


class NormKind(models.TextChoices):
    """Of what a unit should have so much, or no more."""

    HOUSEHOLDS_PER_WORKER = "households_per_worker", pgettext_lazy("norm", "Households per worker")
    WORKERS_PER_10000 = "workers_per_10000", pgettext_lazy("norm", "Workers per 10,000 residents")
    HOUSEHOLDS_PER_COMPOUND = "households_per_compound", pgettext_lazy("norm", "Households per compound")
    BUILDINGS_PER_STEWARD = "buildings_per_steward", pgettext_lazy("norm", "Buildings per steward")
    PREMISES = "premises", pgettext_lazy("norm", "Premises, m²")
    PREMISES_NEW = "premises_new", pgettext_lazy("norm", "Premises of a new community, m²")
    ACTIVITY_SHARE = "activity_share", pgettext_lazy("norm", "Residents' share of the premises")
    SERVICE_FUND = "service_fund", pgettext_lazy("norm", "Service fund, yuan per household and year")
    OFFICE_FUND = "office_fund", pgettext_lazy("norm", "Office fund, yuan per 1,000 households and year")
    BENEFIT_SHARE = "benefit_share", pgettext_lazy("norm", "Public-benefit fund to office fund")
    HUBS_PER_GRID = "hubs_per_grid", pgettext_lazy("norm", "Party hub households per grid")
    MEMBERS_PER_HUB = "members_per_hub", pgettext_lazy("norm", "Party members per hub household")
    HOUSEHOLDS_PER_MEMBER = (
        "households_per_member",
        pgettext_lazy("norm", "Households in contact per party member"),
    )
    ACTIVE_MEMBERS = "active_members", pgettext_lazy("norm", "Active members of a party branch")


class Light(StrEnum):
    """Whether a norm is kept: yes, nearly, no, or it isn't known."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    GREY = "grey"


#: So far beyond a bound is nearly kept: a tenth of the bound.
NEARLY: Final = 0.1


def light(value: float | None, least: float | None, most: float | None) -> Light:
    """Return how a value stands to the bounds of its norm, both included; a bound may be missing."""
    if value is None:
        return Light.GREY
    if (least is None or value >= least) and (most is None or value <= most):
        return Light.GREEN
    is_near = (least is None or value >= least * (1 - NEARLY)) and (
        most is None or value <= most * (1 + NEARLY)
    )
    return Light.YELLOW if is_near else Light.RED


@dataclass(frozen=True, slots=True)
class SeedNorm:
    """A norm to begin with, and the document that says so."""

    kind: NormKind
    least: float | None
    most: float | None
    basis: str


_HIGH_ZONE: Final = "威海高区关于进一步深化城市社区建设的指导意见"
_NEW_AREA: Final = "滨海新区城乡社区高质量发展工作方案(2023)"
_HARBOUR: Final = "海港区社区治理模式创新实施意见"

#: What holds where a district has set nothing else.
SEED_NORMS: Final = (
    SeedNorm(
        NormKind.HOUSEHOLDS_PER_WORKER, None, 300, f"{_HIGH_ZONE}:按照每300户配备1人的标准配备居委会工作人员"
    ),
    SeedNorm(NormKind.WORKERS_PER_10000, 18, None, f"{_NEW_AREA}:每万城镇常住人口配置社区工作者不少于18人"),
    SeedNorm(NormKind.HOUSEHOLDS_PER_COMPOUND, 400, 600, f"{_HIGH_ZONE}:原则上每500户为一小区"),
    SeedNorm(NormKind.BUILDINGS_PER_STEWARD, 2, 3, f"{_HIGH_ZONE}:每2–3栋楼设一名楼长"),
    SeedNorm(
        NormKind.PREMISES,
        150,
        None,
        f"威政办发[2008]51号,{_HIGH_ZONE}:老城区居委会办公和服务用房150平方米以上",
    ),
    SeedNorm(
        NormKind.PREMISES_NEW, 300, None, f"威政办发[2008]51号,{_HIGH_ZONE}:新建城市社区不少于300平方米"
    ),
    SeedNorm(NormKind.ACTIVITY_SHARE, 0.6, None, f"{_NEW_AREA}:居民活动区域占综合服务设施总面积的60%以上"),
    SeedNorm(NormKind.SERVICE_FUND, 8, None, f"{_HARBOUR}:社区服务经费由每年每户5元提升为每户8元"),
    SeedNorm(NormKind.OFFICE_FUND, 10_000, None, f"{_HIGH_ZONE}:办公经费按每千户每年不少于1万元标准拨付"),
    SeedNorm(NormKind.BENEFIT_SHARE, 0.8, None, f"{_HIGH_ZONE}:公益活动专项经费不少于居委会办公经费的80%"),
    SeedNorm(NormKind.HUBS_PER_GRID, 2, 5, "宁海县党员联系群众办法(2020):每个网格2–5户党员中心户"),
    SeedNorm(NormKind.MEMBERS_PER_HUB, 5, 15, "宁海县党员联系群众办法(2020):每户中心户联系5–15名党员"),
    SeedNorm(NormKind.HOUSEHOLDS_PER_MEMBER, 5, 20, "宁海县党员联系群众办法(2020):每名党员联系5–20户"),
    SeedNorm(NormKind.ACTIVE_MEMBERS, 3, None, "中国共产党章程:正式党员三人以上的基层单位成立党的基层组织"),
)
