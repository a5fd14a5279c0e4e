"""The time at which a value was measured, in the forms in which devices write it."""

from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Any, Final

from anlan.monitoring.gateways.mqtt.numbers import number_of
from anlan.monitoring.gateways.mqtt.refusals import PayloadRefused, Reason

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_YEAR, LAST_YEAR = 2000, 2100
PLAIN_FORM: Final = "%Y-%m-%d %H:%M:%S"
LONGEST_FORM = 40
_MOMENT: Final = datetime(2024, 7, 15, 20, 5, 59)  # noqa: DTZ001 - only its digits matter


class TimeKind(StrEnum):
    """How a device writes a time."""

    ISO = "iso"
    SECONDS = "epoch_s"
    MILLISECONDS = "epoch_ms"
    LOCAL = "local"


def is_form(form: str) -> bool:
    """Tell whether a form (of strptime) gives day and minute, and reads what it writes."""
    if not form or len(form) > LONGEST_FORM:
        return False
    try:
        read = datetime.strptime(_MOMENT.strftime(form), form)  # noqa: DTZ007 - its digits alone
    except (ValueError, KeyError, TypeError, OverflowError):
        return False
    return read.replace(second=_MOMENT.second, tzinfo=None) == _MOMENT


def moment_in(value: Any, *, kind: TimeKind, form: str, zone: tzinfo, path: str) -> datetime:
    """Return an instant; text without a zone is of the county's own. Raises PayloadRefused."""
    try:
        found = _read(value, kind=kind, form=form, zone=zone, path=path)
    except (ValueError, OverflowError, OSError) as error:
        if isinstance(error, PayloadRefused):
            raise
        raise PayloadRefused(Reason.NOT_A_TIME, path=path, value=value) from None
    if not FIRST_YEAR <= found.year < LAST_YEAR:
        raise PayloadRefused(Reason.TIME_OUT_OF_RANGE, path=path, value=value)
    return found


def _read(value: Any, *, kind: TimeKind, form: str, zone: tzinfo, path: str) -> datetime:
    if kind is TimeKind.SECONDS or kind is TimeKind.MILLISECONDS:
        number = number_of(value, path=path)
        unit = timedelta(seconds=1) if kind is TimeKind.SECONDS else timedelta(milliseconds=1)
        return EPOCH + number * unit
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError(value)
    if kind is TimeKind.ISO and not isinstance(value, str):
        raise ValueError(value)
    text = str(value).strip()
    found = (
        datetime.strptime(text, form).replace(tzinfo=None)  # noqa: DTZ007 - the zone follows
        if kind is TimeKind.LOCAL
        else datetime.fromisoformat(text)
    )
    return found if found.tzinfo else found.replace(tzinfo=zone)
