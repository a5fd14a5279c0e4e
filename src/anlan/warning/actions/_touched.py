"""Which places of a county a message of an upper level touches, by the register."""

from anlan.kernel import scope
from anlan.kernel.codes import Level, ancestor_of, prefix_of
from anlan.registry.api import mapped_divisions, present_bearings, towns
from anlan.warning.core.upper_reach import Ground, Touched, division_codes, has_shapes, touched_by
from anlan.warning.gateways.cap.values import Alert


def places_touched(alert: Alert, *, county: str) -> Touched:
    """Return the divisions of a county that a message touches, and how well that is known."""
    areas = list(dict.fromkeys(area for info in alert.infos for area in info.areas))
    named = {code for area in areas for code in division_codes(area, county=county)}
    inside = {code for code in named if code.startswith(prefix_of(county))}
    wanted = inside | {ancestor_of(code, level=Level.TOWN) for code in inside}
    with scope.limited_to([county]):
        return touched_by(
            areas,
            county=county,
            known={bearing.code for bearing in present_bearings(wanted)},
            names={each.code: each.name for each in (*present_bearings([county]), *towns())},
            grounds=_grounds() if has_shapes(areas) else (),
        )


def _grounds() -> list[Ground]:
    return [
        Ground(code=each.code, lon=each.lon, lat=each.lat, outline=each.boundary)
        for each in mapped_divisions()
    ]
