"""What a file of boundaries holds once it is read: features, and the refusal of a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

CUT = "\ufffd"
"""What stands for a character that its column has cut through."""

Point = tuple[float, float]
Polygons = Sequence[Sequence[Sequence[Point]]]
"""Polygons, each its rings, the outer one first."""


class UnusableBoundaries(ValueError):
    """A file of boundaries that is not read; its text is one sentence for whoever sent it."""


@dataclass(frozen=True)
class Feature:
    """One shape of a file with what is written beside it; `number` counts from 1.

    `fault` says why the shape cannot be used; then `polygons` is empty.
    """

    number: int
    properties: Mapping[str, Any] = field(default_factory=dict)
    polygons: Polygons = ()
    fault: str = ""
