"""Posts out of a table: who is what for which grid."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from django.contrib.auth import get_user_model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gis_grids.levels import PostKind
from gis_grids.models import Post, PostAct
from gis_grids.people import name_of
from gis_grids.permissions import may_give, scope_of
from gis_grids.sealing import normal
from gis_grids.selectors import ancestors, current_versions, descendant_ids
from gis_grids.services.people import enrol_person
from gis_grids.services.post_acts import appoint
from households.services.imports.cells import choice, person_name, text, yes_no
from households.services.imports.kinds.base import Kind
from households.services.imports.repeats import Repeats
from households.services.imports.rows import Column, Outcome, Plan, named
from households.services.imports.writing import change_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.contrib.auth.models import AbstractUser

    from households.models import ImportRun
    from households.services.imports.ledger import Ledger
    from households.services.imports.rows import ReadRow

_COLUMNS: Final = (
    Column(
        key="unit",
        label=pgettext_lazy("column", "Grid"),
        headings=named("网格|Grid|网格编码|网格名称|单元|单元编码|所属网格|社区|Unit|Grid code"),
        read=text(100),
        is_required=True,
    ),
    Column(
        key="kind",
        label=_("Post"),
        headings=named("职务|Post|岗位|网格职务|类型|职位|Position"),
        read=choice(
            dict(PostKind.choices),
            grid_worker="网格员 专职网格员 兼职网格员",
            grid_leader="网格长",
            building_steward="楼长 楼栋长 楼组长",
            resident_group_leader="小组长 居民小组长 组长",
            area_head="片区长 片长",
        ),
        is_required=True,
    ),
    Column(
        key="name",
        label=pgettext_lazy("person", "Name"),
        headings=named("姓名|Name|负责人|人员姓名|担任人|Holder"),
        read=person_name,
        is_required=True,
    ),
    Column(
        key="contact",
        label=_("Service telephone"),
        headings=named("电话|Service telephone|联系电话|服务电话|联系方式|手机|Phone"),
        read=text(40),
    ),
    Column(
        key="is_deputy",
        label=_("deputy"),
        headings=named("副职|deputy|是否副职|副"),
        read=yes_no,
    ),
)


class PostTaker:
    """Knows a post by unit, kind and holder; people by name, among those who hold posts here."""

    def __init__(self, run: ImportRun, _crs: str, ledger: Ledger) -> None:
        self._run, self._ledger = run, ledger
        self._scope = scope_of(run.author)
        self._repeats = Repeats()
        self._enrolled: dict[str, int] = {}

    def plan(self, rows: Sequence[ReadRow]) -> list[Plan]:
        """Say what becomes of each row."""
        return [self._planned(row) for row in rows]

    def write(self, plans: Sequence[Plan]) -> None:
        """Appoint, and put service telephones right."""
        for plan in plans:
            if plan.outcome is Outcome.NEW:
                self._appoint(plan.row, plan.payload)
        changed = [(plan.payload, {"contact": plan.row.values["contact"]}) for plan in plans if plan.changes]
        change_rows(self._ledger, changed)

    def finish(self) -> None:
        """Nothing is left to do."""

    def _planned(self, row: ReadRow) -> Plan:
        unit_id = self._unit(row)
        kind, name = row.values.get("kind"), row.values.get("name")
        if unit_id and kind and not may_give(self._scope, PostKind(kind), self._chain[unit_id]):
            row.refuse("post.not_yours")
        if len(self._people.get(name or "", ())) > 1:
            row.refuse("post.several_people")
        if row.is_bad or unit_id is None:
            return Plan(row, Outcome.BAD)
        if not self._repeats.take(row, (unit_id, kind, name)):
            return Plan(row, Outcome.BAD if row.is_bad else Outcome.LEFT)
        held = self._held.get((unit_id, str(kind), str(name)))
        if held is None:
            return Plan(row, Outcome.NEW, payload=unit_id)
        contact = row.values.get("contact", held.contact)
        if contact == held.contact:
            return Plan(row, Outcome.SAME, held.pk)
        return Plan(row, Outcome.CHANGED, held.pk, {"contact": (held.contact, contact)}, held)

    def _unit(self, row: ReadRow) -> int | None:
        words = row.values.get("unit")
        units = self._units.get(normal(words), ()) if words else ()
        if len(units) == 1:
            return units[0]
        if words:
            row.refuse("post.no_unit", unit=words[:60])
        return None

    def _appoint(self, row: ReadRow, unit_id: int) -> None:
        kind, is_deputy = PostKind(row.values["kind"]), row.values.get("is_deputy", False)
        vacant = Post.objects.filter(
            unit=unit_id, kind=kind, is_deputy=is_deputy, holder=None, term__contains=timezone.now()
        )
        if vacancies := list(vacant):
            self._ledger.changes(vacancies, ["term"])
        post = appoint(
            actor=self._run.author,
            unit_id=unit_id,
            kind=kind,
            holder_id=self._person(row.values["name"]),
            is_deputy=is_deputy,
            contact=row.values.get("contact", ""),
        )
        self._ledger.made(Post, [post.pk])
        self._ledger.made(PostAct, list(post.acts.values_list("pk", flat=True)))

    def _person(self, name: str) -> int:
        """Return who is called so; somebody new gets no way to log in."""
        if name in self._people:
            return int(self._people[name][0].pk)
        if name not in self._enrolled:
            person = enrol_person(actor=self._run.author, name=name)
            self._ledger.made(get_user_model(), [person.pk])
            self._enrolled[name] = person.pk
        return self._enrolled[name]

    @cached_property
    def _units(self) -> Mapping[str, list[int]]:
        """The units below the import's, by code and by name."""
        found: dict[str, list[int]] = {}
        units = current_versions().filter(unit__in=descendant_ids([self._run.unit_id]))
        for unit_id, code, name in units.values_list("unit", "unit__code", "name"):
            for words in {normal(code), normal(name)}:
                found.setdefault(words, []).append(unit_id)
        return found

    @cached_property
    def _chain(self) -> Mapping[int, tuple[int, ...]]:
        return ancestors({unit for units in self._units.values() for unit in units})

    @cached_property
    def _posts(self) -> list[Post]:
        below = Post.objects.filter(
            unit__in=descendant_ids([self._run.unit_id]), term__contains=timezone.now(), holder__isnull=False
        )
        return list(below.select_related("holder"))

    @cached_property
    def _held(self) -> Mapping[tuple[int, str, str], Post]:
        return {(post.unit_id, post.kind, name_of(post.holder)): post for post in self._posts if post.holder}

    @cached_property
    def _people(self) -> Mapping[str, list[AbstractUser]]:
        """Who holds posts below the import's unit, by name."""
        holders = {post.holder_id: post.holder for post in self._posts if post.holder}
        found: dict[str, list[AbstractUser]] = {}
        for holder in holders.values():
            found.setdefault(name_of(holder), []).append(holder)
        return found


POSTS: Final = Kind(key="posts", columns=_COLUMNS, taker=PostTaker)
