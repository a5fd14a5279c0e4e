from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.registry.boundaries.geojson import polygons_of
from anlan.registry.boundaries.planning import Outcome, outcome_of
from anlan.registry.boundaries.shapes import drawn_shape, inner_point, shape_of
from anlan.registry.models import Division
from anlan.registry.relocation.tree import access_divisions, changed


@transaction.atomic
def set_boundaries(
    boundaries: Mapping[str, Mapping[str, Any]], *, source: str, by: Actor, now: datetime
) -> dict[str, Outcome]:
    """Give divisions their boundaries, all or none, and return what became of each.

    `boundaries` are GeoJSON polygons in degrees by code, `source` the file they came from. A
    division without a place on the map gets a point inside as its centre. Raises UnknownDivision
    for a code out of sight, RedrawingRefused for a division that has ended or was changed
    meanwhile, UnusableShape for what is no polygon.
    """
    rows = access_divisions(boundaries)
    outcomes: dict[str, Outcome] = {}
    for code, boundary in boundaries.items():
        shape_of(polygons_of(boundary))
        outcomes[code] = outcome_of(boundary, before=rows[code].boundary)
        if outcomes[code] is not Outcome.UNCHANGED:
            changed(rows[code], **_columns(rows[code], boundary))
    _write_down(outcomes, source=source, by=by, now=now)
    return outcomes


def _columns(row: Division, boundary: Mapping[str, Any]) -> dict[str, Any]:
    if row.lon is not None:
        return {"boundary": boundary}
    lon, lat = inner_point(drawn_shape(boundary))
    return {"boundary": boundary, "lon": lon, "lat": lat}


def _write_down(outcomes: Mapping[str, Outcome], *, source: str, by: Actor, now: datetime) -> None:
    """Journal the divisions with another boundary, county by county."""
    counties: dict[str, dict[str, list[str]]] = defaultdict(lambda: {"new": [], "changed": []})
    for code, outcome in sorted(outcomes.items()):
        if outcome is not Outcome.UNCHANGED:
            counties[code[:6].ljust(12, "0")][outcome.value].append(code)
    journal.record_all(
        [
            journal.Note(
                act="division.boundaries_set",
                subject=f"division:{county}",
                division_code=county,
                detail={"file": source, **codes},
            )
            for county, codes in counties.items()
        ],
        by=by,
        now=now,
    )
