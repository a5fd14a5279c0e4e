from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from anlan.kernel.actors import Actor
from anlan.monitoring import store
from anlan.monitoring.core.quality import Judged, Sample, judge
from anlan.monitoring.data import Ingest, Verdict
from anlan.monitoring.gateways.sl651.errors import FrameError
from anlan.monitoring.gateways.sl651.frame import decode
from anlan.monitoring.gateways.sl651.readings import readings
from anlan.monitoring.gateways.sl651.values import RawReading, UpFrame
from anlan.monitoring.models import (
    FrameFault,
    ReadingBatch,
    SetAsideReading,
)
from anlan.monitoring.tasks import evaluate_thresholds


@transaction.atomic
def ingest_frames(
    frames: Sequence[bytes], *, peer: str, by: Actor, now: datetime
) -> tuple[Ingest, tuple[UpFrame | None, ...]]:
    """Take in SL 651 frames and return what they came to, with each frame or None if refused.

    When this returns and its transaction is committed, every counted reading is durable and its
    evaluation is in the queue; only then may a gateway confirm the frames that are not None.
    Bad frames are kept with their bytes and never become readings.
    """
    del by  # the peer that sent the frames is what a fault is kept under
    decoded, faults = _decode_all(frames, peer=peer, now=now)
    raw = [reading for frame in decoded if frame for reading in readings(frame)]
    samples, unknown = _known(raw)
    latest = store.latest_values(
        {sample.station_id for sample in samples},
        elements={sample.element for sample in samples},
    )
    judged = judge(samples, latest=latest, now=now)
    aside = _set_aside(judged, unknown=unknown, now=now)
    batch = ReadingBatch.objects.create(
        received_at=now, frames=len(frames) - len(faults), stored=len(judged.counted)
    )
    store.insert_readings(judged.counted, batch_id=batch.pk)
    store.update_latest(judged.latest)
    FrameFault.objects.bulk_create(faults)
    SetAsideReading.objects.bulk_create(aside)
    if judged.counted:
        evaluate_thresholds.enqueue()
    report = Ingest(
        frames=len(frames),
        stored=len(judged.counted),
        repeated=judged.repeated,
        refused=len(aside),
        faults=len(faults),
    )
    return report, tuple(decoded)


def _decode_all(
    frames: Sequence[bytes], *, peer: str, now: datetime
) -> tuple[list[UpFrame | None], list[FrameFault]]:
    decoded: list[UpFrame | None] = []
    faults: list[FrameFault] = []
    for data in frames:
        try:
            frame = decode(data)
        except FrameError as error:
            reason = error.reason
        else:
            if isinstance(frame, UpFrame):
                decoded.append(frame)
                continue
            reason = "downward"
        decoded.append(None)
        faults.append(FrameFault(peer=peer, reason=reason, payload=data, received_at=now))
    return decoded, faults


def _known(raw: Iterable[RawReading]) -> tuple[list[Sample], list[RawReading]]:
    """Return the readings of registered stations as samples, and the others."""
    raw = [reading for reading in raw if reading.value is not None]
    ids = store.station_ids({reading.station for reading in raw})
    samples = [
        Sample(ids[r.station], r.station, r.element, r.observed_at, r.value)
        for r in raw
        if r.station in ids and r.value is not None
    ]
    return samples, [r for r in raw if r.station not in ids]


def _set_aside(
    judged: Judged, *, unknown: Iterable[RawReading], now: datetime
) -> list[SetAsideReading]:
    rows = [
        SetAsideReading(
            address=sample.address,
            element=sample.element,
            observed_at=sample.observed_at,
            value=sample.value,
            verdict=verdict,
            received_at=now,
        )
        for sample, verdict in judged.set_aside
    ]
    rows += [
        SetAsideReading(
            address=reading.station,
            element=reading.element,
            observed_at=reading.observed_at,
            value=reading.value,
            verdict=Verdict.UNKNOWN_STATION,
            received_at=now,
        )
        for reading in unknown
        if reading.value is not None
    ]
    return rows
