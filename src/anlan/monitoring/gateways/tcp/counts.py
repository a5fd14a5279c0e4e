"""What one gateway process has counted since it started."""

from dataclasses import dataclass, field

from anlan.monitoring.core.arrivals import Arrival, Fate, Outcome


@dataclass
class Counts:
    """Reports that came, readings in those kept, confirmations sent, damage, and other fates."""

    reports: int = 0
    readings: int = 0
    confirmed: int = 0
    damaged: int = 0
    fates: dict[Fate, int] = field(default_factory=lambda: dict.fromkeys(Fate, 0))

    def settle(self, arrival: Arrival, outcome: Outcome) -> None:
        """Count what became of a report."""
        self.fates[outcome.fate] += 1
        if outcome.fate is Fate.KEPT:
            self.readings += len(arrival.readings)

    def line(self) -> str:
        """Return the counts as one line of the log."""
        others = ", ".join(
            f"{count:,} {fate.value}"
            for fate, count in self.fates.items()
            if count and fate is not Fate.KEPT
        )
        return (
            f"{self.reports:,} reports, {self.readings:,} readings kept, "
            f"{self.confirmed:,} confirmed, {self.damaged:,} damaged"
            + (f", {others}" if others else "")
        )
