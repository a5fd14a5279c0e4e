"""Which villages a crossing brings under which colour, and how they gather into warnings."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from anlan.kernel.codes import Level, ancestor_of
from anlan.monitoring.data import Crossing
from anlan.registry.data import Colour, Hazard


@dataclass(frozen=True)
class VillageUnder:
    """A village newly under a colour, by the crossing that put it there."""

    village: str
    crossing: Crossing


@dataclass(frozen=True)
class Draft:
    """One warning to issue: a hazard and a colour for villages of one town."""

    town: str
    hazard: Hazard
    colour: Colour
    villages: tuple[VillageUnder, ...]

    @property
    def crossed_at(self) -> datetime:
        """Return the earliest crossing behind the warning."""
        return min(under.crossing.at for under in self.villages)

    @property
    def worst(self) -> Crossing:
        """Return the crossing that goes furthest over its threshold."""
        return max(
            (under.crossing for under in self.villages),
            key=lambda crossing: (_excess(crossing), -crossing.id),
        )


def _excess(crossing: Crossing) -> float:
    """Return how many times its threshold a crossing reaches; of a threshold of 0, the value."""
    return crossing.value / crossing.threshold if crossing.threshold else crossing.value


def drafts_for(
    crossings: Iterable[Crossing], *, standing: Mapping[tuple[str, Hazard], Colour]
) -> list[Draft]:
    """Return the warnings that these crossings call for, one a town, hazard and colour.

    A village that already stands under the same or a worse colour of the hazard needs none; of
    several crossings the worst colour counts.
    """
    worst: dict[tuple[str, Hazard], Crossing] = {}
    for crossing in sorted(crossings, key=lambda found: (-found.colour, found.id)):
        hazard = Hazard(crossing.hazard)
        for village in crossing.villages:
            if crossing.colour > standing.get((village, hazard), 0):
                worst.setdefault((village, hazard), crossing)
    groups: dict[tuple[str, Hazard, Colour], list[VillageUnder]] = defaultdict(list)
    for (village, hazard), crossing in sorted(worst.items()):
        town = ancestor_of(village, level=Level.TOWN)
        groups[town, hazard, crossing.colour].append(VillageUnder(village, crossing))
    return [
        Draft(town=town, hazard=hazard, colour=colour, villages=tuple(villages))
        for (town, hazard, colour), villages in groups.items()
    ]
