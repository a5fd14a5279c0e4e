"""What a file of boundaries would change, feature by feature. Pure: values in, a plan out."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from statistics import median
from typing import Any

from django.utils.translation import gettext as _

from anlan.kernel.codes import Level, level_of
from anlan.registry.boundaries.features import Feature
from anlan.registry.boundaries.matching import Known, Match, matches
from anlan.registry.boundaries.shapes import (
    TOLERANCE_DEG,
    UnusableShape,
    area_km2,
    drawn_shape,
    inner_point,
    kept_form,
    shape_of,
    thinned,
)

# A division lies this near to another of its county at most; the widest counties span 5 degrees.
NEAR_DEG = 1.0
AREA_DIFFERS = 0.05
BOX_OF_ONE_DEG = 3.0


class Outcome(StrEnum):
    """What became of a feature."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    UNMATCHED = "unmatched"
    BAD = "bad"


@dataclass(frozen=True)
class Present:
    """A division as it stands: its boundary, its recorded area in km², where it lies."""

    code: str
    name: str
    parent: str | None = None
    boundary: Any = None
    area_km2: float = 0.0
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True)
class Drawn:
    """One feature with what became of it; `notice` is what somebody should look at."""

    number: int
    label: str
    outcome: Outcome
    code: str = ""
    name: str = ""
    reason: str = ""
    notice: str = ""
    boundary: Mapping[str, Any] | None = None
    point: tuple[float, float] | None = None


def plan_boundaries(
    features: Sequence[Feature],
    *,
    divisions: Iterable[Present],
    tolerance_deg: float = TOLERANCE_DEG,
) -> list[Drawn]:
    """Return what each feature would change, in the order of the file."""
    present = {each.code: each for each in divisions}
    found = matches(features, [Known(d.code, d.name, d.parent) for d in present.values()])
    wanted = [f for f, match in zip(features, found, strict=True) if match.code]
    shapes, refused = _shaped(wanted)
    codes = {f.number: m.code for f, m in zip(features, found, strict=True)}
    refused |= _far(shapes, codes=codes, present=present)
    kept = {number: shape for number, shape in shapes.items() if number not in refused}
    thin = _thinned(kept, codes=codes, tolerance_deg=tolerance_deg)
    return [
        _drawn(feature, match, shape=thin.get(feature.number), refused=refused, present=present)
        for feature, match in zip(features, found, strict=True)
    ]


def _shaped(features: Iterable[Feature]) -> tuple[dict[int, Any], dict[int, str]]:
    """Return the shapes by the number of their feature, and why the others have none."""
    shapes: dict[int, Any] = {}
    refused: dict[int, str] = {}
    for feature in features:
        try:
            shapes[feature.number] = shape_of(feature.polygons)
        except UnusableShape as error:
            refused[feature.number] = feature.fault or str(error)
    return shapes, refused


def _far(
    shapes: Mapping[int, Any], *, codes: Mapping[int, str], present: Mapping[str, Present]
) -> dict[int, str]:
    """Return the features that lie nowhere near the rest of their county."""
    points = {number: inner_point(shape) for number, shape in shapes.items()}
    middles = _middles(points, codes=codes)
    boxes = _boxes(present)
    refused = {}
    for number, point in points.items():
        county = codes[number][:6]
        around = boxes.get(county) or _around(middles[county])
        if not _touches(shapes[number].bounds, around):
            refused[number] = _(
                "It lies at %(lon).3f, %(lat).3f, far from the rest of its county. Are longitude "
                "and latitude exchanged, or is the zone wrong?"
            ) % {"lon": point[0], "lat": point[1]}
    return refused


def _middles(
    points: Mapping[int, tuple[float, float]], *, codes: Mapping[int, str]
) -> dict[str, tuple[float, float]]:
    grouped: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for number, point in points.items():
        grouped[codes[number][:6]].append(point)
    return {
        county: (median(p[0] for p in found), median(p[1] for p in found))
        for county, found in grouped.items()
    }


def _boxes(present: Mapping[str, Present]) -> dict[str, tuple[float, float, float, float]]:
    """Return where each county's divisions lie as far as is known, with a margin."""
    grouped: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for each in present.values():
        if each.lon is not None and each.lat is not None:
            grouped[each.code[:6]].append((each.lon, each.lat))
    return {
        county: (
            min(p[0] for p in found) - NEAR_DEG,
            min(p[1] for p in found) - NEAR_DEG,
            max(p[0] for p in found) + NEAR_DEG,
            max(p[1] for p in found) + NEAR_DEG,
        )
        for county, found in grouped.items()
    }


def _around(point: tuple[float, float]) -> tuple[float, float, float, float]:
    lon, lat = point
    return lon - BOX_OF_ONE_DEG, lat - BOX_OF_ONE_DEG, lon + BOX_OF_ONE_DEG, lat + BOX_OF_ONE_DEG


def _touches(one: Sequence[float], other: Sequence[float]) -> bool:
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


def _thinned(
    shapes: Mapping[int, Any], *, codes: Mapping[int, str], tolerance_deg: float
) -> dict[int, Any]:
    """Return the shapes thinned out level by level, villages beside villages."""
    levels: dict[Level, list[int]] = defaultdict(list)
    for number in shapes:
        levels[level_of(codes[number])].append(number)
    found: dict[int, Any] = {}
    for numbers in levels.values():
        thin = thinned([shapes[number] for number in numbers], tolerance_deg=tolerance_deg)
        found |= dict(zip(numbers, thin, strict=True))
    return found


def _drawn(
    feature: Feature,
    match: Match,
    *,
    shape: Any,
    refused: Mapping[int, str],
    present: Mapping[str, Present],
) -> Drawn:
    number = feature.number
    label = match.label or _("feature %(number)d") % {"number": number}
    if not match.code:
        return Drawn(number, label, Outcome.UNMATCHED, reason=match.reason)
    division = present[match.code]
    bad = Drawn(number, label, Outcome.BAD, code=division.code, name=division.name)
    if shape is None:
        return replace(bad, reason=refused[number])
    try:
        boundary = kept_form(shape)
    except UnusableShape as error:
        return replace(bad, reason=str(error))
    return replace(
        bad,
        outcome=outcome_of(boundary, before=division.boundary),
        boundary=boundary,
        point=inner_point(drawn_shape(boundary)),
        notice=area_notice(drawn_shape(boundary), recorded_km2=division.area_km2),
    )


def outcome_of(boundary: Any, *, before: Any) -> Outcome:
    """Return whether a boundary is new, changed or the one that stands already."""
    if not before:
        return Outcome.NEW
    return Outcome.UNCHANGED if boundary == before else Outcome.CHANGED


def area_notice(shape: Any, *, recorded_km2: float) -> str:
    """Return a sentence when the drawn and the recorded area differ by more than 5 %, else ''."""
    drawn = area_km2(shape)
    if recorded_km2 <= 0 or abs(drawn - recorded_km2) <= AREA_DIFFERS * recorded_km2:
        return ""
    return _(
        "The boundary encloses %(drawn).2f km², but plain, hill and mountain add up to "
        "%(recorded).2f km²: check which is right."
    ) % {"drawn": drawn, "recorded": recorded_km2}
