"""What the actions on rules share: the version that is meant, its rows, and telling the workers."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import F
from django.utils import timezone

from anlan.kernel.actors import Actor
from anlan.kernel.codes import prefix_of
from anlan.kernel.scope import within
from anlan.monitoring.core.rules import LONGEST_NAME, Condition, RuleText, faults_of
from anlan.monitoring.data import RuleState
from anlan.monitoring.evaluation import CURSOR
from anlan.monitoring.models import EvaluationCursor, Rule, RuleVersion, StationCover, Threshold
from anlan.monitoring.queries.permitted import check_permitted
from anlan.monitoring.queries.rules import element_codes, stations_of
from anlan.monitoring.rule_refusals import RuleOutOfSight, RuleRefused
from anlan.registry.data import Hazard, Permission


def turn_limits() -> None:
    """Tell every worker that limits have changed, so that it reads them anew at once."""
    EvaluationCursor.objects.filter(name=CURSOR).update(limits_turn=F("limits_turn") + 1)


def rule_meant(uuid: str, *, by: Actor, now: datetime) -> Rule:
    """Return a rule in sight that the actor may change; raise RuleOutOfSight or NotPermitted."""
    rule: Rule | None = Rule.objects.filter(uuid=uuid).first()
    if rule is None:
        raise RuleOutOfSight(uuid)
    check_permitted(Permission.KEEP_STATIONS, [rule.division_id], by=by, now=now)
    return rule


def version_meant(uuid: str, number: int, *, by: Actor, now: datetime) -> RuleVersion:
    """Return a version of such a rule; raise RuleOutOfSight or NotPermitted."""
    rule = rule_meant(uuid, by=by, now=now)
    rows = RuleVersion.objects.filter(rule=rule, number=number).select_related("rule")
    version: RuleVersion | None = rows.first()
    if version is None:
        raise RuleOutOfSight(f"{uuid} {number}")
    return version


def checked_name(name: str, *, division_code: str, besides: int = 0) -> str:
    """Return a name as it is kept; raise RuleRefused when it is empty, too long or taken."""
    plain = " ".join(name.split())
    taken = Rule.objects.filter(division=division_code, name=plain).exclude(pk=besides)
    if not plain or len(plain) > LONGEST_NAME or taken.exists():
        raise RuleRefused.for_name(plain, longest=LONGEST_NAME)
    return plain


def check_text(text: RuleText, *, division_code: str, hazard: Hazard) -> None:
    """Raise RuleRefused with all that is wrong with what a rule would say."""
    stations = set(stations_of(division_code))
    faults = faults_of(text, elements=element_codes(), stations=stations)
    if faults:
        raise RuleRefused(faults=faults)
    reached = {each.station_id for each in text.conditions if each.station_id is not None}
    if any(each.station_id is None for each in text.conditions):
        reached |= _covering(division_code, hazard)
    if 1 < text.stations_needed > len(reached):
        raise RuleRefused.too_few_stations(text.stations_needed, len(reached))


def write_conditions(
    version: RuleVersion, conditions: Sequence[Condition], *, source: str, now: datetime
) -> None:
    """Write the rows of a version in place of those that it had."""
    Threshold.objects.filter(version=version).delete()
    Threshold.objects.bulk_create(
        Threshold(
            version=version,
            station_id=each.station_id,
            measured_at_id=each.measured_at_id,
            hazard=version.rule.hazard,
            measure=each.measure,
            element=each.element,
            window_min=each.window_min,
            colour=each.colour,
            value=each.value,
            together=each.together,
            season_from=each.season_from,
            season_until=each.season_until,
            source=source,
            effective_from=today(now),
        )
        for each in conditions
    )


def next_number(rule: Rule) -> int:
    """Return the number of the rule's next version; raise RuleRefused while it has a draft."""
    numbers = dict(RuleVersion.objects.filter(rule=rule).values_list("number", "state"))
    if RuleState.DRAFT in numbers.values():
        raise RuleRefused.has_draft()
    return max(numbers, default=0) + 1


def today(now: datetime) -> date:
    """Return the day on which a change is made, in the county's zone."""
    return timezone.localdate(now)


def _covering(division_code: str, hazard: Hazard) -> set[int]:
    rows = StationCover.objects.filter(
        within("division_id", [prefix_of(division_code)]), hazard=hazard
    )
    return set(rows.values_list("station_id", flat=True))
