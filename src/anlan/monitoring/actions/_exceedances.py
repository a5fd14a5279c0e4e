"""The open exceedances, and what a look at the limits writes into them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cached_property

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.monitoring.core.columns import code_of
from anlan.monitoring.core.exceedances import Changes, changes_of
from anlan.monitoring.core.judging import Found, slot_of
from anlan.monitoring.core.limits import HOLD, Hit, Key, Standing
from anlan.monitoring.core.past import Episode, stood_at
from anlan.monitoring.models import Exceedance, Station

REMEMBERED = timedelta(hours=76)  # the rings, and the longest holding time before them


class Book:
    """What stands open at one evaluation, kept in step with what it writes."""

    def __init__(
        self,
        *,
        waits: Mapping[Key, float],
        doubtful: Mapping[int, int],
        by: Actor,
        now: datetime,
    ) -> None:
        self.by, self.now = by, now
        self.standing = _standing()
        self.raised: list[int] = []
        self.ended: list[int] = []
        self._waits, self._doubtful = waits, doubtful

    @cached_property
    def _episodes(self) -> dict[Key, list[Episode]]:
        return _episodes(waits=self._waits, since=self.now - REMEMBERED)

    def stood_at(self, moment: datetime) -> dict[Key, Standing]:
        """Return what a look at a moment that has passed is held against.

        What came late must rise above what stands and above what stood then: a crossing that was
        raised and ended is not raised again.
        """
        return {**stood_at(moment, self._episodes), **self.standing}

    def enter_past(self, higher: Mapping[Key, Hit]) -> None:
        """Write what a look at a moment that has passed raises."""
        changes = changes_of(higher, set(self.standing), standing=self.standing, now=self.now)
        self._raise(changes.raised)

    def enter(self, found: Found) -> None:
        """Write what a look at the present changes."""
        changes = changes_of(
            found.higher, found.still_up, standing=self.standing, now=self.now, waits=self._waits
        )
        self._sink(changes)
        self._end(changes.ended)
        self._raise(changes.raised)

    def _sink(self, changes: Changes) -> None:
        if changes.sinking:
            Exceedance.objects.filter(pk__in=changes.sinking).update(below_since=self.now)
        if changes.recovered:
            Exceedance.objects.filter(pk__in=changes.recovered).update(below_since=None)

    def _raise(self, raised: tuple[tuple[Hit, Standing | None], ...]) -> None:
        if not raised:
            return
        replaced = [standing.id for _hit, standing in raised if standing]
        Exceedance.objects.filter(pk__in=replaced).update(ended_at=self.now)
        rows = Exceedance.objects.bulk_create(self._row(hit, standing) for hit, standing in raised)
        for row, (hit, _standing_one) in zip(rows, raised, strict=True):
            self.standing[hit.limit.key] = Standing(row.pk, row.colour, None)
        self._journal("threshold.crossed", rows)
        self.raised += [row.pk for row in rows]

    def _row(self, hit: Hit, standing: Standing | None) -> Exceedance:
        limit = hit.limit
        marked = self._doubtful.get(code_of(*limit.series), -1)
        return Exceedance(
            station_id=limit.key.station_id,
            village_id=limit.key.village or None,
            threshold_id=limit.threshold_id or None,
            critical_rain_id=limit.critical_rain_id or None,
            hazard=limit.key.hazard,
            colour=limit.colour,
            value=hit.value,
            limit=hit.against,
            is_doubtful=slot_of(hit.at) - max(limit.window, 1) < marked <= slot_of(hit.at),
            observed_at=hit.at,
            started_at=self.now,
            follows_id=standing.id if standing else None,
        )

    def _end(self, ids: tuple[int, ...]) -> None:
        if not ids:
            return
        rows = list(Exceedance.objects.filter(pk__in=ids, ended_at__isnull=True))
        Exceedance.objects.filter(pk__in=[row.pk for row in rows]).update(ended_at=self.now)
        self.standing = {key: one for key, one in self.standing.items() if one.id not in ids}
        self._journal("threshold.cleared", rows)
        self.ended += [row.pk for row in rows]

    def _journal(self, act: str, rows: list[Exceedance]) -> None:
        divisions: Mapping[int, str] = dict(
            Station.objects.filter(pk__in={row.station_id for row in rows}).values_list(
                "pk", "division_id"
            )
        )
        journal.record_all(
            (
                journal.Note(
                    act=act,
                    subject=f"exceedance:{row.pk}",
                    division_code=row.village_id or divisions[row.station_id],
                    detail={
                        "station": row.station_id,
                        "hazard": row.hazard,
                        "colour": row.colour,
                        "value": round(row.value, 2),
                    },
                )
                for row in rows
            ),
            by=self.by,
            now=self.now,
        )


def _standing() -> dict[Key, Standing]:
    rows = Exceedance.objects.filter(ended_at__isnull=True).values_list(
        "pk", "station_id", "hazard", "village_id", "colour", "below_since"
    )
    return {
        Key(station, hazard, village or ""): Standing(id=pk, colour=colour, below_since=below)
        for pk, station, hazard, village, colour, below in rows
    }


def _episodes(*, waits: Mapping[Key, float], since: datetime) -> dict[Key, list[Episode]]:
    """Return the exceedances that have ended since a moment, those that follow each other joined.

    An episode reaches back by its holding time: what stood over then belongs to it.
    """
    rows = Exceedance.objects.filter(ended_at__gte=since).order_by("pk")
    found: dict[Key, list[Episode]] = {}
    ends: dict[int, Episode] = {}
    for pk, station, hazard, village, colour, seen, started, ended, follows in rows.values_list(
        "pk", "station_id", "hazard", "village_id", "colour", "observed_at", "started_at",
        "ended_at", "follows_id",
    ):  # fmt: skip
        key = Key(station, hazard, village or "")
        before = ends.get(follows or 0)
        if before is not None:
            before.until, before.colour = ended, max(before.colour, colour)
            ends[pk] = before
            continue
        wait = timedelta(seconds=waits.get(key, HOLD.total_seconds()))
        ends[pk] = Episode((seen or started) - wait, ended, colour)
        found.setdefault(key, []).append(ends[pk])
    return found
