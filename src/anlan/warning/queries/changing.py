"""What a warning in force offers to whoever may change or cancel it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from anlan.kernel.actors import Actor
from anlan.kernel.codes import Level, ancestor_of, level_of
from anlan.registry.api import grants_of, may, villages_in
from anlan.registry.data import Colour, Hazard, Permission
from anlan.warning.core.typed import TypedWarning
from anlan.warning.models import HazardWarning, WarningArea, WarningDraft
from anlan.warning.queries.drafts import of_family
from anlan.warning.queries.rules import beyond, issuing_in


@dataclass(frozen=True)
class Cancelling:
    """Whether an actor may cancel a warning, who may, and what was issued with it."""

    may_cancel: bool
    roles: tuple[str, ...]
    others: tuple[str, ...]


def cancelling_of(warning: HazardWarning, *, by: Actor, now: datetime) -> Cancelling:
    """Return what cancelling a warning in force would mean; `others` are uuids still in force."""
    areas = list(
        WarningArea.objects.filter(of_family(_family_of(warning)), released_at__isnull=True)
        .select_related("warning")
        .order_by("warning_id")
    )
    county = ancestor_of(warning.division_id, level=Level.COUNTY)
    hazard, colour = Hazard(warning.hazard), Colour(warning.colour)
    issuing = issuing_in(county, hazard=hazard, colour=colour, now=now)
    own = [area.division_id for area in areas if area.warning_id == warning.pk]
    rest = {str(area.warning.uuid) for area in areas if area.warning_id != warning.pk}
    return Cancelling(
        may_cancel=bool(own) and not beyond(by, issuing=issuing, villages=own, now=now),
        roles=tuple(str(role.label) for role in sorted(issuing.roles)),
        others=tuple(sorted(rest)),
    )


def as_typed(warning: HazardWarning, *, by: Actor, now: datetime) -> TypedWarning | None:
    """Return a warning in force as a draft of its change; None for whoever may not draft it.

    All that was issued with it and is still in force is in it; a town changes its own alone.
    """
    home = _home(warning, by=by, now=now)
    if not home:
        return None
    family = _family_of(warning)
    areas = WarningArea.objects.filter(of_family(family), released_at__isnull=True)
    codes = [
        code
        for code in areas.order_by("division_id").values_list("division_id", flat=True)
        if home == ancestor_of(code, level=level_of(home))
    ]
    written = WarningDraft.objects.filter(family=warning.family).first() if warning.family else None
    is_drawn = bool(written and written.polygons and not (written.areas or written.places))
    return TypedWarning(
        home=home,
        hazard=Hazard(warning.hazard),
        colour=Colour(warning.colour),
        areas=() if is_drawn else tuple(_gathered(codes)),
        polygons=warning.polygons if is_drawn else (),
        onset_at=warning.onset_at,
        expires_at=warning.expires_at if warning.expires_at and warning.expires_at > now else None,
        title=written.title if written else "",
        text=written.text if written else "",
        instruction=written.instruction if written else "",
        follows=str(family),
    )


def _family_of(warning: HazardWarning) -> object:
    return warning.family or warning.uuid


def _home(warning: HazardWarning, *, by: Actor, now: datetime) -> str:
    """Return the county if the actor may draft there, else the town if there, else nothing."""
    grants = grants_of(by.account_id, at=now)
    for level in (Level.COUNTY, Level.TOWN):
        code = ancestor_of(warning.division_id, level=level)
        if may(grants, Permission.DRAFT_WARNINGS, division_code=code):
            return code
    return ""


def _gathered(codes: list[str]) -> list[str]:
    """Return the codes with a town in the place of its villages where all of them are there."""
    wanted = set(codes)
    of_town: dict[str, set[str]] = defaultdict(set)
    for each in villages_in({ancestor_of(code, level=Level.TOWN) for code in codes}):
        of_town[ancestor_of(each.code, level=Level.TOWN)].add(each.code)
    whole = {town for town, own in of_town.items() if own <= wanted}
    rest = {code for code in wanted if ancestor_of(code, level=Level.TOWN) not in whole}
    return sorted(whole | rest)
