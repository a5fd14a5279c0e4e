"""A warning of an upper level as the first draft of one of ours."""

from typing import Any

from anlan.kernel.codes import Level, level_of
from anlan.registry.api import bearings
from anlan.warning.data import UpperState, UpperWarningOutOfSight
from anlan.warning.figures import field_of
from anlan.warning.models import UpperPlace
from anlan.warning.queries.upper_warnings import access_upper_warning, hazard_of, title_of


def fields_of_upper(uuid: str) -> dict[str, Any]:
    """Return what a form is filled in with from an upper-level warning in force, and its title.

    Raises UpperWarningOutOfSight for one that is not in sight or no longer in force.
    """
    row = access_upper_warning(uuid)
    if row.state != UpperState.IN_FORCE:
        raise UpperWarningOutOfSight(uuid)
    hazard = hazard_of(row.event_code)
    codes = list(
        UpperPlace.objects.filter(warning=row)
        .order_by("division_id")
        .values_list("division_id", flat=True)
    )
    names = bearings(codes)
    ticked = [code for code in codes if level_of(code) <= Level.TOWN]
    return {
        "upper": str(row.uuid),
        "upper_title": title_of(row),
        "hazard": hazard.value if hazard else "",
        "colour": str(int(row.colour)) if row.colour is not None else "",
        "ticked": ticked,
        "divisions": "\n".join(code for code in codes if code not in ticked and code in names),
        "onset": field_of(row.onset_at),
        "expiry": field_of(row.lapses_at),
    }
