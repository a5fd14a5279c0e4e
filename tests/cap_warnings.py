"""Warnings as rows, written straight away: for tests of what leaves for others."""

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from anlan.kernel import clock
from anlan.registry.data import Colour, Hazard
from anlan.warning.data import WarningState
from anlan.warning.models import HazardWarning, WarningArea
from tests.cast import BANK, SLOPE, UPPER


def warned(
    serial: int = 1, *, villages: Sequence[str] = (SLOPE, BANK), minutes_ago: int = 0, **given: Any
) -> HazardWarning:
    """Write a warning over villages, in force since some minutes ago."""
    at = clock.now() - timedelta(minutes=minutes_ago)
    values = {
        "uuid": uuid.uuid4(),
        "number": f"{UPPER[:9]}{serial:05d}_{at:%Y%m%d%H%M%S}_0",
        "division_id": UPPER,
        "hazard": Hazard.FLASH_FLOOD,
        "colour": Colour.ORANGE,
        "state": WarningState.OPEN,
        "headline": f"上河镇山洪橙色预警{serial}",
        "text": "雨量 33 毫米。",
        "instruction": "立即转移。",
        "crossed_at": at,
        "issued_at": at,
        **given,
    }
    row: HazardWarning = HazardWarning.objects.create(**values)
    for village in villages:
        WarningArea.objects.create(
            warning=row,
            division_id=village,
            hazard=row.hazard,
            colour=row.colour,
            entered_at=at,
            released_at=row.ended_at,
        )
    return row


def ended(row: HazardWarning, state: WarningState, *, minutes_ago: int = 0) -> None:
    """End a warning, and take its villages out of it."""
    at = clock.now() - timedelta(minutes=minutes_ago)
    HazardWarning.objects.filter(pk=row.pk).update(state=state, ended_at=at)
    WarningArea.objects.filter(warning=row).update(released_at=at)


def replaced(row: HazardWarning, serial: int, **given: Any) -> HazardWarning:
    """Let a warning follow another one over all its villages, now."""
    old = list(WarningArea.objects.filter(warning=row))
    ended(row, WarningState.REPLACED)
    new = warned(serial, villages=[area.division_id for area in old], **given)
    for area in old:
        WarningArea.objects.filter(warning=new, division_id=area.division_id).update(follows=area)
    return new
