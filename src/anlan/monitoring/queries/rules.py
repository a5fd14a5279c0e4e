"""Reads of rules: the list, one rule with its versions, and what a rule may name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from anlan.kernel.codes import prefix_of
from anlan.kernel.paging import turned
from anlan.kernel.scope import within
from anlan.monitoring.core.rules import Condition, RuleText
from anlan.monitoring.core.tested import YearCount, counted
from anlan.monitoring.data import Measure, RuleState
from anlan.monitoring.elements import UNITS
from anlan.monitoring.models import OtherElement, Rule, RuleVersion, Station, Threshold
from anlan.monitoring.rule_refusals import RuleOutOfSight
from anlan.registry.data import Hazard

PAGE_ROWS = 50
# Of the standard, what stations measure and a rule may ask for stands first.
USUAL = ("PN05", "Z", "ZU", "Q", "ZF6", "HTZ", "FWI", "AI", "MST", "US", "M20", "P1", "PD")


@dataclass(frozen=True)
class RuleFilter:
    """What the list is narrowed to; what is empty narrows nothing."""

    hazard: str = ""
    state: str = ""
    division: str = ""
    page: int = 1


@dataclass(frozen=True)
class RuleRow:
    """A rule in the list: what is in force, what is in the making, how its last test went."""

    uuid: str
    name: str
    hazard: Hazard
    division: str
    live: "VersionRow | None"
    draft: "VersionRow | None"
    last: "VersionRow | None"

    @property
    def shown(self) -> "VersionRow | None":
        """Return the version that stands for the rule."""
        return self.live or self.draft or self.last


@dataclass(frozen=True)
class VersionRow:
    """A version of a rule; `tested` is what its last back-test came to, year by year."""

    id: int
    number: int
    state: RuleState
    source: str
    made_by: str
    made_at: datetime
    live_from: datetime | None
    retired_at: datetime | None
    untested_because: str
    test_state: str
    test_since: date | None
    test_until: date | None
    tested: tuple[YearCount, ...]

    @property
    def events(self) -> int:
        """Return how often it would have fired in the time that was tested."""
        return sum(year.events for year in self.tested)

    @property
    def false(self) -> int:
        """Return how often of these it would have been wrong."""
        return sum(year.false for year in self.tested)


@dataclass(frozen=True)
class RuleList:
    """One page of rules, by hazard and name."""

    rows: tuple[RuleRow, ...]
    page: int
    pages: int
    total: int


def listed_rules(wanted: RuleFilter) -> RuleList:
    """Return one page of the rules in sight."""
    rules = _wanted(wanted).order_by("hazard", "name", "pk")
    total = rules.count()
    page, pages, first = turned(wanted.page, total=total, size=PAGE_ROWS)
    shown = list(
        rules.select_related("division").defer("division__boundary")[first : first + PAGE_ROWS]
    )
    versions: dict[int, list[VersionRow]] = {}
    for row in RuleVersion.objects.filter(rule__in=shown).order_by("number"):
        versions.setdefault(row.rule_id, []).append(version_row(row))
    return RuleList(
        rows=tuple(_rule_row(rule, versions.get(rule.pk, [])) for rule in shown),
        page=page,
        pages=pages,
        total=total,
    )


def access_rule(uuid: str) -> Rule:
    """Return a rule in sight with its division, or raise RuleOutOfSight."""
    rows = Rule.objects.filter(uuid=uuid).select_related("division").defer("division__boundary")
    rule: Rule | None = rows.first()
    if rule is None:
        raise RuleOutOfSight(uuid)
    return rule


def access_version(pk: int) -> RuleVersion:
    """Return a version of a rule in sight with its rule, or raise RuleOutOfSight."""
    rows: QuerySet[RuleVersion] = RuleVersion.objects.filter(pk=pk)
    version = rows.select_related("rule__division").defer("rule__division__boundary").first()
    if version is None:
        raise RuleOutOfSight(str(pk))
    return version


def versions_of(rule: Rule) -> list[VersionRow]:
    """Return the versions of a rule, the newest first."""
    rows = RuleVersion.objects.filter(rule=rule).order_by("-number")
    return [version_row(row) for row in rows]


def version_row(row: RuleVersion) -> VersionRow:
    """Return a version as pages show it."""
    tested: Mapping[str, Any] = row.tested or {}
    return VersionRow(
        id=row.pk,
        number=row.number,
        state=RuleState(row.state),
        source=row.source,
        made_by=row.made_by,
        made_at=row.made_at,
        live_from=row.live_from,
        retired_at=row.retired_at,
        untested_because=row.untested_because,
        test_state=str(tested.get("state", "")),
        test_since=_day(tested.get("since")),
        test_until=_day(tested.get("until")),
        tested=tuple(counted(tested.get("events", ()))),
    )


def text_of(version: RuleVersion) -> RuleText:
    """Return what a version says."""
    rows = Threshold.objects.filter(version=version).order_by("-colour", "pk")
    return RuleText(
        source=version.source,
        conditions=tuple(
            Condition(
                colour=row.colour,
                measure=Measure(row.measure),
                element=row.element,
                value=row.value,
                window_min=row.window_min,
                together=row.together,
                station_id=row.station_id,
                measured_at_id=row.measured_at_id,
                season_from=row.season_from,
                season_until=row.season_until,
            )
            for row in rows
        ),
        for_min=version.for_min,
        stations_needed=version.stations_needed,
        falls_to=version.falls_to,
        falls_by=version.falls_by,
        clear_after_min=version.clear_after_min,
    )


def stations_of(division_code: str) -> dict[int, str]:
    """Return the stations that a rule of a division may name, by number: name and address."""
    rows = Station.objects.filter(within("division_id", [prefix_of(division_code)]))
    return {
        pk: f"{name} {address}"
        for pk, name, address in rows.order_by("name", "pk").values_list("pk", "name", "address")
    }


def station_names(ids: Iterable[int | None]) -> dict[int, str]:
    """Return the names of those of these stations that are in sight."""
    wanted = {each for each in ids if each is not None}
    return dict(Station.objects.filter(pk__in=wanted).values_list("pk", "name"))


def element_codes() -> list[str]:
    """Return the codes of all elements that there are, the usual ones first."""
    others = OtherElement.objects.order_by("code").values_list("code", flat=True)
    known = [*UNITS, *others]
    return [*USUAL, *sorted(code for code in known if code not in USUAL)]


def _wanted(wanted: RuleFilter) -> "QuerySet[Rule]":
    rows: QuerySet[Rule] = Rule.objects.all()
    if wanted.hazard:
        rows = rows.filter(hazard=wanted.hazard)
    if wanted.division:
        rows = rows.filter(within("division_id", [prefix_of(wanted.division)]))
    if wanted.state:
        having = RuleVersion.objects.filter(state=wanted.state).values("rule_id")
        rows = rows.filter(pk__in=having)
        if wanted.state == RuleState.RETIRED:
            live = RuleVersion.objects.filter(state=RuleState.LIVE).values("rule_id")
            rows = rows.exclude(pk__in=live)
    return rows


def _rule_row(rule: Rule, versions: list[VersionRow]) -> RuleRow:
    by_state = {version.state: version for version in versions}
    return RuleRow(
        uuid=str(rule.uuid),
        name=rule.name,
        hazard=Hazard(rule.hazard),
        division=rule.division.name,
        live=by_state.get(RuleState.LIVE),
        draft=by_state.get(RuleState.DRAFT),
        last=versions[-1] if versions else None,
    )


def _day(text: object) -> date | None:
    return date.fromisoformat(text) if isinstance(text, str) and text else None
