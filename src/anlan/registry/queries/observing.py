"""Macro-observation stations with their observers, and levels that mean something at a place."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from anlan.registry.data import DutyKind
from anlan.registry.models import MacroStation, Reservoir, RiverSection
from anlan.registry.queries.answerable import in_force


class MarkKind(TextChoices):
    """What a level of a river section or a reservoir stands for."""

    WARNING = "warning", _("warning level")
    GUARANTEED = "guaranteed", _("guaranteed level")
    FLOOD_LIMIT = "flood_limit", _("flood-season limit level")
    DESIGN = "design", _("design flood level")
    CHECK = "check", _("check flood level")


@dataclass(frozen=True)
class MacroPlace:
    """A macro-observation station and what it observes."""

    id: int
    code: str
    name: str
    division_code: str
    observes: str


@dataclass(frozen=True)
class LevelMark:
    """A level in m that the register gives for a river section or a reservoir."""

    kind: MarkKind
    level_m: float


def macro_places(place_ids: Iterable[int] | None = None) -> list[MacroPlace]:
    """Return the macro-observation stations in sight, or those of these keys, by division, name."""
    rows = MacroStation.objects.order_by("place__division_id", "place__name", "pk")
    if place_ids is not None:
        rows = rows.filter(pk__in=set(place_ids))
    return [
        MacroPlace(id=key, code=code, name=name, division_code=division, observes=observes)
        for key, code, name, division, observes in rows.values_list(
            "pk", "place__code", "place__name", "place__division_id", "observes"
        )
    ]


def macro_observers(place_ids: Iterable[int], *, at: datetime) -> dict[int, tuple[str, ...]]:
    """Return the names of those who hold the duty of observer at each place, by rank."""
    rows = in_force(at=at).filter(kind=DutyKind.MACRO_OBSERVER, place_id__in=set(place_ids))
    found: dict[int, list[str]] = defaultdict(list)
    for place, name in rows.order_by("rank", "pk").values_list("place_id", "person__name"):
        found[place].append(name)
    return {place: tuple(names) for place, names in found.items()}


def level_marks(place_ids: Iterable[int]) -> dict[int, tuple[LevelMark, ...]]:
    """Return the levels of the register for reservoirs and river sections in sight, rising."""
    keys = set(place_ids)
    found: dict[int, tuple[LevelMark, ...]] = {}
    sections = RiverSection.objects.filter(pk__in=keys)
    for key, warning, guaranteed in sections.values_list(
        "pk", "warning_level_m", "guaranteed_level_m"
    ):
        found[key] = (
            LevelMark(MarkKind.WARNING, warning),
            LevelMark(MarkKind.GUARANTEED, guaranteed),
        )
    reservoirs = Reservoir.objects.filter(pk__in=keys)
    for key, limit, design, check in reservoirs.values_list(
        "pk", "flood_limit_level_m", "design_level_m", "check_level_m"
    ):
        found[key] = (
            LevelMark(MarkKind.FLOOD_LIMIT, limit),
            LevelMark(MarkKind.DESIGN, design),
            LevelMark(MarkKind.CHECK, check),
        )
    return found
