from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from anlan.kernel.actors import Actor
from anlan.monitoring.actions.ingest_readings import ingest_readings
from anlan.monitoring.data import Ingest, Protocol
from anlan.monitoring.gateways.sl651.errors import FrameError
from anlan.monitoring.gateways.sl651.frame import decode
from anlan.monitoring.gateways.sl651.readings import readings
from anlan.monitoring.gateways.sl651.values import UpFrame
from anlan.monitoring.models import FrameFault


@transaction.atomic
def ingest_frames(
    frames: Sequence[bytes], *, peer: str, by: Actor, now: datetime
) -> tuple[Ingest, tuple[UpFrame | None, ...]]:
    """Take in SL 651 frames and return what they came to, with each frame or None if refused.

    When this returns and its transaction is committed, every counted reading is durable and its
    evaluation is in the queue; only then may a gateway confirm the frames that are not None.
    Bad frames are kept with their bytes and never become readings.
    """
    decoded, faults = _decode_all(frames, peer=peer, now=now)
    raw = [reading for frame in decoded if frame for reading in readings(frame)]
    FrameFault.objects.bulk_create(faults)
    done = ingest_readings(
        raw,
        protocol=Protocol.SL651,
        peer=peer,
        frames=len(frames) - len(faults),
        by=by,
        now=now,
    )
    return replace(done, frames=len(frames), faults=len(faults)), tuple(decoded)


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
