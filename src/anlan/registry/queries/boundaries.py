"""What a file of boundaries would change among the divisions in sight."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from anlan.registry.boundaries.features import UnusableBoundaries
from anlan.registry.boundaries.planning import Drawn, Present, plan_boundaries
from anlan.registry.boundaries.reading import read_boundaries
from anlan.registry.boundaries.shapes import MAX_TOLERANCE_DEG, TOLERANCE_DEG
from anlan.registry.models import Division


def planned_boundaries(
    content: bytes, *, file_name: str, tolerance_deg: float = TOLERANCE_DEG
) -> list[Drawn]:
    """Return what each feature of a file would change, in the order of the file.

    Raises UnusableBoundaries with one sentence for a file that cannot be used.
    """
    if not 0 <= tolerance_deg <= MAX_TOLERANCE_DEG:
        raise UnusableBoundaries(
            _("The tolerance must lie between 0 and %(most)s degrees.")
            % {"most": MAX_TOLERANCE_DEG}
        )
    features = read_boundaries(content, file_name=file_name)
    return plan_boundaries(features, divisions=_present(), tolerance_deg=tolerance_deg)


def _present() -> list[Present]:
    return [
        Present(
            code=row.code,
            name=row.name,
            parent=row.parent_id,
            boundary=row.boundary,
            area_km2=recorded_km2(row),
            lon=row.lon,
            lat=row.lat,
        )
        for row in Division.objects.filter(ended_on__isnull=True).order_by("code")
    ]


def recorded_km2(row: Division) -> float:
    """Return the sum of the terrain areas that are entered for a division."""
    return float(row.plain_km2 + row.hill_km2 + row.mountain_km2)


def boundaries_of_parts(
    content: bytes, *, file_name: str, names: Mapping[str, str]
) -> dict[str, Any]:
    """Return the boundaries of the parts of a split, by code, from a file.

    `names` are the parts' names by code; a part without a feature has no boundary. Raises
    UnusableBoundaries for a file that cannot be used or that draws something else as well.
    """
    features = read_boundaries(content, file_name=file_name)
    parts = [Present(code=code, name=name) for code, name in names.items()]
    found = plan_boundaries(features, divisions=parts)
    for each in found:
        if each.boundary is None:
            raise UnusableBoundaries(
                _("“%(label)s” is no part of the split: %(reason)s")
                % {"label": each.label, "reason": each.reason}
            )
    return {each.code: each.boundary for each in found}
