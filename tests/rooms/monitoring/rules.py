"""Rules for the tests of rules: what they say, how they are made, history that they are held to."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.monitoring.actions.draft_rule import draft_rule
from anlan.monitoring.actions.put_rule_live import put_rule_live
from anlan.monitoring.core.columns import columns_of
from anlan.monitoring.core.intake import micros_of
from anlan.monitoring.core.rules import Condition, RuleText
from anlan.monitoring.data import Measure
from anlan.monitoring.elements import RAIN
from anlan.monitoring.models import RuleVersion, Station
from anlan.monitoring.store.writing import store_late
from anlan.registry.data import Colour, Hazard
from tests.cast import COUNTY

BY = the_program("tests")
HOUR = Condition(
    colour=Colour.YELLOW, measure=Measure.SUM, element="PN05", value=15.0, window_min=60
)


def text(*conditions: Condition, **more: Any) -> RuleText:
    """Return what a rule says; yellow from 15 mm in an hour on when nothing else is given."""
    return RuleText(source="tests", conditions=conditions or (HOUR,), **more)


def drafted(
    said: RuleText | None = None,
    *,
    name: str = "小时雨量",
    hazard: Hazard = Hazard.FLASH_FLOOD,
    at: str = COUNTY,
) -> RuleVersion:
    """Draft a rule and return its version."""
    uuid = draft_rule(
        said or text(), name=name, hazard=hazard, division_code=at, by=BY, now=clock.now()
    )
    version: RuleVersion = RuleVersion.objects.select_related("rule").get(rule__uuid=uuid)
    return version


def put_live(version: RuleVersion, *, reason: str = "tests") -> None:
    """Put a draft in force without a test."""
    version.refresh_from_db()
    put_rule_live(
        str(version.rule.uuid),
        number=version.number,
        seen=version.made_at,
        reason=reason,
        by=BY,
        now=clock.now(),
    )


def measured(
    station: Station,
    values: Sequence[float],
    *,
    start: datetime,
    element: int = RAIN,
    every: timedelta = timedelta(minutes=5),
) -> None:
    """Write readings into the store as they came long ago."""
    store_late(
        columns_of(
            [
                (station.pk, element, micros_of(start + step * every), value)
                for step, value in enumerate(values)
            ]
        )
    )


def day(text_: str) -> date:
    """Return a day."""
    return date.fromisoformat(text_)
