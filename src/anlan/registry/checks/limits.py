"""The numbers by which the register is judged: the program's, and a county's own over them. Pure.

Sources: domain/rules.md, section 5 (design values: 5 objects a person, 30 days between checks of
a phone). The dates of the flood season are the province's to set; 1 June to 30 September is a
design value. Ten members a team is a design value.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from anlan.kernel.codes import Level, ancestor_of
from anlan.registry.data import DutyKind, LimitName

DESIGN = "design value, domain/rules.md section 5"
DEFAULT_FROM = date(2026, 1, 1)
DEFAULTS: Mapping[LimitName, int] = {
    LimitName.OBJECTS_PER_PERSON: 5,
    LimitName.PHONE_CHECK_DAYS: 30,
    LimitName.FLOOD_SEASON_FROM: 601,
    LimitName.FLOOD_SEASON_UNTIL: 930,
    LimitName.TEAM_MEMBERS: 10,
}

# Whoever holds one of these is meant to be at the object when it happens.
ONE_TO_ONE = frozenset(
    {
        DutyKind.POINT_MONITOR,
        DutyKind.RESERVOIR_PATROL,
        DutyKind.HOUSEHOLD_CARER,
        DutyKind.MACRO_OBSERVER,
        DutyKind.SHELTER_KEEPER,
        DutyKind.SAFETY_OFFICER,
        DutyKind.CHECKPOINT_GUARD,
    }
)


@dataclass(frozen=True)
class LimitRow:
    """A value that was set, for one county or for all."""

    name: str
    county: str | None
    value: int
    effective_from: date


@dataclass(frozen=True)
class Limits:
    """The limits in force on a day."""

    rows: tuple[LimitRow, ...] = ()

    def of(self, name: LimitName, *, division_code: str) -> int:
        """Return a limit for the county of a division: its own, else everybody's, else ours."""
        county = ancestor_of(division_code, level=Level.COUNTY)
        for wanted in (county, None):
            fitting = [r for r in self.rows if r.name == name and r.county == wanted]
            if fitting:
                return max(fitting, key=lambda row: row.effective_from).value
        return DEFAULTS[name]

    def in_flood_season(self, day: date, *, division_code: str) -> bool:
        """Tell whether a day lies in the flood season of a county; it may run over New Year."""
        first = self.of(LimitName.FLOOD_SEASON_FROM, division_code=division_code)
        last = self.of(LimitName.FLOOD_SEASON_UNTIL, division_code=division_code)
        today = day.month * 100 + day.day
        if first <= last:
            return first <= today <= last
        return today >= first or today <= last


def limits_on(day: date, *, rows: Iterable[LimitRow]) -> Limits:
    """Return the limits in force on a day."""
    return Limits(rows=tuple(row for row in rows if row.effective_from <= day))
