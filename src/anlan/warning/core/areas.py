"""Which villages a crossing brings under which colour, and how they gather into warnings."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from anlan.kernel.codes import Level, ancestor_of
from anlan.monitoring.data import Crossing
from anlan.registry.data import Colour, Hazard
from anlan.warning.core.drawn import Ring
from anlan.warning.data import WarningOrigin


@dataclass(frozen=True)
class VillageUnder:
    """A village newly under a colour, by the crossing that put it there, or by somebody's word."""

    village: str
    crossing: Crossing | None


@dataclass(frozen=True)
class Draft:
    """One warning to issue: a hazard and a colour for villages of one town."""

    town: str
    hazard: Hazard
    colour: Colour
    villages: tuple[VillageUnder, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """Return the villages by code."""
        return tuple(under.village for under in self.villages)

    @property
    def crossed_at(self) -> datetime | None:
        """Return the earliest crossing behind the warning, None of one that somebody wrote."""
        return min((each.at for each in self._crossings), default=None)

    @property
    def worst(self) -> Crossing | None:
        """Return the crossing that goes furthest over its threshold, None without any."""
        return max(
            self._crossings,
            key=lambda crossing: (_excess(crossing), -crossing.id),
            default=None,
        )

    @property
    def _crossings(self) -> list[Crossing]:
        return [under.crossing for under in self.villages if under.crossing is not None]


@dataclass(frozen=True)
class Meant:
    """The places that a warning is for: villages, and more exactly what of them.

    Of villages that are not `whole` only the households inside the drawn `polygons` are meant.
    `place_ids` are places named, whose own people answer too.
    """

    villages: tuple[str, ...]
    whole: frozenset[str] = frozenset()
    polygons: Sequence[Ring] = ()
    place_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class Family:
    """Warnings to issue in one act: one hazard and colour for towns of one county.

    Where `title`, `text` or `instruction` is empty the county's words are taken.
    """

    uuid: str
    county: str
    hazard: Hazard
    colour: Colour
    parts: tuple[Draft, ...]
    meant: Meant
    origin: WarningOrigin = WarningOrigin.RULE
    title: str = ""
    text: str = ""
    instruction: str = ""
    event_code: str = ""
    sender: str = ""
    upper_id: int | None = None
    onset_at: datetime | None = None
    expires_at: datetime | None = None
    cause: str = ""


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
    for (village, hazard), crossing in sorted(worst.items(), key=lambda item: item[0]):
        town = ancestor_of(village, level=Level.TOWN)
        groups[town, hazard, crossing.colour].append(VillageUnder(village, crossing))
    return [
        Draft(town=town, hazard=hazard, colour=colour, villages=tuple(villages))
        for (town, hazard, colour), villages in groups.items()
    ]


def parts_of(
    villages: Mapping[str, Crossing | None], *, hazard: Hazard, colour: Colour
) -> tuple[Draft, ...]:
    """Return one warning a town for these villages, each with what put it there."""
    groups: dict[str, list[VillageUnder]] = defaultdict(list)
    for village in sorted(villages):
        town = ancestor_of(village, level=Level.TOWN)
        groups[town].append(VillageUnder(village, villages[village]))
    return tuple(
        Draft(town=town, hazard=hazard, colour=colour, villages=tuple(under))
        for town, under in groups.items()
    )
