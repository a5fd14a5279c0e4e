"""The open exceedances, and what a look at the limits writes into them."""

from collections.abc import Mapping
from datetime import datetime

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.monitoring.core.columns import code_of
from anlan.monitoring.core.exceedances import Changes, changes_of
from anlan.monitoring.core.judging import Found, Held, slot_of
from anlan.monitoring.core.limits import Hit, Key, Standing
from anlan.monitoring.models import Exceedance, HeldCondition, Station


class Book:
    """What stands open at one evaluation, kept in step with what it writes."""

    def __init__(self, *, by: Actor, now: datetime) -> None:
        self.by, self.now = by, now
        self.standing = _standing()
        self.raised: list[int] = []
        self.ended: list[int] = []
        self._held_before = _held()
        self.held: Held = dict(self._held_before)

    def enter(
        self,
        found: Found,
        *,
        is_past: bool,
        waits: Mapping[Key, float],
        doubtful: Mapping[int, int],
    ) -> None:
        """Write what one look changes; a look at the past only raises."""
        still_up = self.standing.keys() if is_past else found.still_up
        changes = changes_of(
            found.higher, set(still_up), standing=self.standing, now=self.now, waits=waits
        )
        if not is_past:
            self._sink(changes)
            self._end(changes.ended)
        self._raise(changes.raised, doubtful=doubtful)

    def keep_held(self) -> None:
        """Write since when conditions that need time have held."""
        for name in self._held_before.keys() - self.held.keys():
            version, station, colour = name
            HeldCondition.objects.filter(
                version_id=version, station_id=station, colour=colour
            ).delete()
        HeldCondition.objects.bulk_create(
            HeldCondition(version_id=version, station_id=station, colour=colour, since=since)
            for (version, station, colour), since in self.held.items()
            if (version, station, colour) not in self._held_before
        )

    def _sink(self, changes: Changes) -> None:
        if changes.sinking:
            Exceedance.objects.filter(pk__in=changes.sinking).update(below_since=self.now)
        if changes.recovered:
            Exceedance.objects.filter(pk__in=changes.recovered).update(below_since=None)

    def _raise(
        self,
        raised: tuple[tuple[Hit, Standing | None], ...],
        *,
        doubtful: Mapping[int, int],
    ) -> None:
        if not raised:
            return
        replaced = [standing.id for _hit, standing in raised if standing]
        Exceedance.objects.filter(pk__in=replaced).update(ended_at=self.now)
        rows = Exceedance.objects.bulk_create(
            self._row(hit, standing, doubtful=doubtful) for hit, standing in raised
        )
        for row, (hit, _standing_one) in zip(rows, raised, strict=True):
            self.standing[hit.limit.key] = Standing(row.pk, row.colour, None)
        self._journal("threshold.crossed", rows)
        self.raised += [row.pk for row in rows]

    def _row(
        self, hit: Hit, standing: Standing | None, *, doubtful: Mapping[int, int]
    ) -> Exceedance:
        limit = hit.limit
        marked = doubtful.get(code_of(*limit.series), -1)
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


def _held() -> Held:
    rows = HeldCondition.objects.values_list("version_id", "station_id", "colour", "since")
    return {(version, station, colour): since for version, station, colour, since in rows}
