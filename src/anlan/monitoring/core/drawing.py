"""Places on the earth as paths on paper. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from math import cos, radians
from typing import Any, Final

WIDTH: Final = 1_000
MARGIN: Final = 12
_LABEL_HEIGHT: Final = 14
_DIGIT_WIDTH: Final = 8

Box = tuple[float, float, float, float]


class Sheet:
    """Turns longitude and latitude into x and y, north up, true to shape in the middle."""

    def __init__(self, points: Iterable[tuple[float, float]]) -> None:
        """Fit the sheet around points; without any it shows one degree around 0."""
        known = list(points) or [(-0.5, -0.5), (0.5, 0.5)]
        lons, lats = zip(*known, strict=True)
        self.west, self.north = min(lons), max(lats)
        self.squeeze = cos(radians((min(lats) + self.north) / 2))
        wide = max((max(lons) - self.west) * self.squeeze, 1e-4)
        high = max(self.north - min(lats), 1e-4)
        self.scale = (WIDTH - 2 * MARGIN) / max(wide, high)
        self.width = round(wide * self.scale) + 2 * MARGIN
        self.height = round(high * self.scale) + 2 * MARGIN

    def place(self, lon: float, lat: float) -> tuple[float, float]:
        """Return x and y of a place."""
        return (
            round(MARGIN + (lon - self.west) * self.squeeze * self.scale, 1),
            round(MARGIN + (self.north - lat) * self.scale, 1),
        )

    def path(self, polygons: Iterable[Sequence[Sequence[Sequence[float]]]]) -> str:
        """Return the path of polygons, each a list of rings of [lon, lat]."""
        return "".join(self._ring(ring) for rings in polygons for ring in rings)

    def line(self, points: Sequence[Sequence[float]]) -> str:
        """Return the path of a line of [lon, lat] that does not close."""
        return self._ring(points).removesuffix("Z")

    def _ring(self, ring: Sequence[Sequence[float]]) -> str:
        points = (self.place(point[0], point[1]) for point in ring)
        return "M" + "L".join(f"{x:g} {y:g}" for x, y in points) + "Z"


def polygons_of(geometry: Mapping[str, Any] | None) -> list[Any]:
    """Return the polygons of a GeoJSON Polygon or MultiPolygon, none of anything else."""
    if not geometry:
        return []
    coordinates: list[Any] = list(geometry.get("coordinates", ()))
    return {"Polygon": [coordinates], "MultiPolygon": coordinates}.get(geometry["type"], [])


def labels_apart(labels: Iterable[tuple[float, float, str]]) -> list[bool]:
    """Return for each label (x, y, text), the most important first, whether it can be shown.

    One that would cover an earlier one is left out.
    """
    taken: list[Box] = []
    shown = []
    for x, y, text in labels:
        box = (x, y - _LABEL_HEIGHT / 2, x + _DIGIT_WIDTH * len(text) + 8, y + _LABEL_HEIGHT / 2)
        is_free = not any(_overlap(box, other) for other in taken)
        if is_free:
            taken.append(box)
        shown.append(is_free)
    return shown


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
