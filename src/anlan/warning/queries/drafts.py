"""Drafts of warnings: those that wait, and what one comes to at a moment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from anlan.kernel import scope
from anlan.kernel.codes import Level, ancestor_of
from anlan.monitoring.api import crossings, standing_exceedances
from anlan.monitoring.data import Crossing
from anlan.registry.api import mapped_divisions, places_to_warn, villages_in
from anlan.registry.data import Colour, Hazard
from anlan.warning.core.areas import Family, Meant, parts_of
from anlan.warning.core.cap_out import event_code_for
from anlan.warning.core.drawn import Land, touched_villages
from anlan.warning.data import DraftState, WarningOrigin, WarningState
from anlan.warning.models import WarningArea, WarningDraft
from anlan.warning.refusals import DraftOutOfSight

MOST_SHOWN = 100
MOST_PLACES = 30


@dataclass(frozen=True)
class Place:
    """A place that a draft names: its key, its uuid and its name."""

    id: int
    uuid: str
    name: str
    where: str
    villages: tuple[str, ...]


@dataclass(frozen=True)
class Resolved:
    """What a draft comes to: the family to issue, and what is left out or let go by it.

    `skipped` stand under the same or a worse colour already; `leaving` belong to the family that
    it follows and not to the new area. `is_over` when nothing of what it follows is in force.
    """

    family: Family
    skipped: dict[str, Colour]
    leaving: tuple[WarningArea, ...]
    places: tuple[Place, ...]
    is_over: bool = False

    @property
    def villages(self) -> tuple[str, ...]:
        """Return the villages to warn, by code."""
        return self.family.meant.villages


def access_draft(uuid: str) -> WarningDraft:
    """Return a draft in sight, or raise DraftOutOfSight."""
    row: WarningDraft | None = (
        WarningDraft.objects.filter(uuid=uuid)
        .select_related("division", "upper")
        .defer("division__boundary", "upper__raw")
        .first()
    )
    if row is None:
        raise DraftOutOfSight(uuid)
    return row


def waiting_drafts() -> "QuerySet[WarningDraft]":
    """Return the drafts in sight that wait, those that must be decided first before the others."""
    rows: QuerySet[WarningDraft] = WarningDraft.objects.filter(state=DraftState.WAITING)
    return rows.select_related("division").defer("division__boundary")


def decided_drafts() -> list[WarningDraft]:
    """Return the drafts in sight decided last."""
    rows = WarningDraft.objects.exclude(state=DraftState.WAITING).order_by("-decided_at", "-pk")
    return list(rows.select_related("division").defer("division__boundary")[:20])


def count_waiting_drafts() -> int:
    """Return how many drafts in sight wait for somebody's word."""
    return WarningDraft.objects.filter(state=DraftState.WAITING).count()


def resolved(draft: WarningDraft, *, now: datetime) -> Resolved:
    """Return what a draft comes to now; whoever looks, it is the same."""
    with scope.limited_to([draft.division_id]):
        causes = _causes(draft)
        places = _places(draft.places)
        whole = {each.code for each in villages_in(draft.areas)} | set(causes)
        whole |= {village for place in places for village in place.villages}
        drawn = _drawn(draft.polygons) if draft.polygons else set()
        wanted: dict[str, Crossing | None] = dict.fromkeys(sorted(whole | drawn))
        wanted |= causes
        skipped, own = _standing(draft, wanted)
    for village in skipped:
        del wanted[village]
    hazard, colour = Hazard(draft.hazard), Colour(draft.colour)
    family = Family(
        uuid=str(draft.uuid),
        county=ancestor_of(draft.division_id, level=Level.COUNTY),
        hazard=hazard,
        colour=colour,
        parts=parts_of(wanted, hazard=hazard, colour=colour),
        meant=Meant(
            villages=tuple(wanted),
            whole=frozenset(whole & set(wanted)),
            polygons=draft.polygons,
            place_ids=tuple(place.id for place in places),
        ),
        origin=WarningOrigin(draft.origin),
        title=draft.title,
        text=draft.text,
        instruction=draft.instruction,
        event_code=draft.event_code or event_code_for(hazard),
        upper_id=draft.upper_id,
        onset_at=draft.onset_at,
        expires_at=draft.expires_at,
        cause=f"draft:{draft.uuid}",
    )
    return Resolved(
        family=family,
        skipped=skipped,
        leaving=tuple(area for area in own if area.division_id not in wanted),
        places=tuple(places),
        is_over=bool(draft.follows) and not own,
    )


def of_family(key: object) -> Q:
    """Return the condition that an area's warning belongs to a family, or is that one warning."""
    return Q(warning__family=key) | Q(warning__uuid=key)


def _causes(draft: WarningDraft) -> dict[str, Crossing | None]:
    """Return the villages of the exceedances that still stand, each with the worst crossing."""
    if not draft.exceedances:
        return {}
    still = standing_exceedances(hazards=[draft.hazard]) & set(draft.exceedances)
    found: dict[str, Crossing | None] = {}
    for crossing in sorted(crossings(still), key=lambda each: (-each.colour, each.id)):
        for village in crossing.villages:
            found.setdefault(village, crossing)
    return found


def _places(uuids: Iterable[str]) -> list[Place]:
    return [
        Place(id=p.id, uuid=p.uuid, name=p.name, where=p.where, villages=p.villages)
        for p in places_to_warn(list(uuids)[:MOST_PLACES])
    ]


def _drawn(polygons: list[list[list[float]]]) -> set[str]:
    lands = [
        Land(code=each.code, lon=each.lon, lat=each.lat, outline=each.boundary)
        for each in mapped_divisions()
        if each.kind in ("village", "community")
    ]
    return touched_villages(polygons, lands=lands)


def _standing(
    draft: WarningDraft, wanted: dict[str, Crossing | None]
) -> tuple[dict[str, Colour], list[WarningArea]]:
    """Return the villages left out with the colour that they stand under, and those it follows."""
    rows = WarningArea.objects.filter(
        hazard=draft.hazard, released_at__isnull=True, warning__state=WarningState.OPEN
    )
    own: list[WarningArea] = []
    if draft.follows:
        own = list(rows.filter(of_family(draft.follows)).select_related("warning"))
    followed = {area.division_id for area in own}
    found = rows.filter(division_id__in=list(wanted), colour__gte=draft.colour)
    skipped = {
        village: Colour(colour)
        for village, colour in found.values_list("division_id", "colour")
        if village not in followed
    }
    return skipped, own
