"""What crosses the demo's door."""

from dataclasses import asdict, dataclass
from typing import Any

from anlan.drills.data import ReplayCount
from anlan.registry.data import DutyKind, Role


@dataclass(frozen=True)
class DemoAccount:
    """An account of the demo and what it is for."""

    username: str
    role: Role
    division_code: str
    duty: DutyKind | None


@dataclass(frozen=True)
class DemoResult:
    """What the demo came to; `cost` is measured, never asserted."""

    report: dict[str, Any] | None
    replay: ReplayCount
    cost: dict[str, float]

    def as_document(self) -> dict[str, Any]:
        """Return everything as plain JSON."""
        return {**(self.report or {}), "replay": asdict(self.replay), "cost": self.cost}
