"""How long a rung may take to answer, and when what was done must be told."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from anlan.registry.data import Colour, Hazard
from anlan.warning.data import RungKind

# Minutes from an answer until what was done is asked for, where a county gives none of its own:
# the whole chain to the village within 30 minutes (domain notes, rules 3.6), a red one sooner.
REPORT_MINUTES: Final[Mapping[Colour, int | None]] = {
    Colour.RED: 20,
    Colour.ORANGE: 30,
    Colour.YELLOW: 60,
    Colour.BLUE: None,
}


@dataclass(frozen=True)
class LimitRow:
    """One row of a county's limits; an empty hazard or rung means every one."""

    hazard: str
    rung: str
    minutes: int
    report_minutes: int | None
    effective_from: date


@dataclass(frozen=True)
class Waits:
    """What a colour of a hazard gives each rung, and the minutes until what was done is asked."""

    usual: timedelta
    by_rung: Mapping[RungKind, timedelta]
    report_minutes: int | None

    def of(self, rung: RungKind) -> timedelta:
        """Return how long a rung may take."""
        return self.by_rung.get(rung, self.usual)


def waits_of(rows: Iterable[LimitRow], *, hazard: Hazard, colour: Colour) -> Waits | None:
    """Return the waits that rows of one colour give a hazard, or None where no row covers it.

    Of several rows that fit, the one that names the hazard wins, then the newest.
    """
    fitting = sorted(
        (row for row in rows if row.hazard in ("", hazard)),
        key=lambda row: (row.hazard != "", row.effective_from),
    )
    usual = [row for row in fitting if not row.rung]
    if not usual:
        return None
    said = [row.report_minutes for row in usual if row.report_minutes is not None]
    return Waits(
        usual=timedelta(minutes=usual[-1].minutes),
        by_rung={RungKind(row.rung): timedelta(minutes=row.minutes) for row in fitting if row.rung},
        report_minutes=(said[-1] or None) if said else REPORT_MINUTES[colour],
    )
