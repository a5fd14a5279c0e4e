"""Observations as other programs send them, looked at one by one."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from json import dumps
from math import isfinite
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.monitoring.data import RawReading
from anlan.monitoring.http.names import NotAName, Series, series_named, unquoted
from anlan.monitoring.http.refusing import ReadingsRefused, Refusal, refused_for
from anlan.monitoring.http.shapes import MOST_ROWS

Row = RawReading | Refusal
FIRST_YEAR, LAST_YEAR = 1971, 2200
ID: Final = "@iot.id"
# Fields of an Observation that are read and not kept.
LEFT: Final = frozenset(
    {"resultTime", "resultQuality", "validTime", "parameters", "FeatureOfInterest"}
    | {"FeatureOfInterest/id", "@iot.id", "@iot.selfLink"}
)
KNOWN: Final = frozenset({"phenomenonTime", "result", "Datastream"}) | LEFT


def rows_sent(body: Any, *, series: Series | None, now: datetime) -> list[Row]:
    """Return what each observation of a body is, or why it is none.

    `series` is that of the address, if any. Raises ReadingsRefused for a body that holds none, or
    too many.
    """
    listed = body if isinstance(body, list) else [body]
    _check_count(len(listed))
    return [row_of(each, series=series, now=now) for each in listed]


def rows_in_arrays(body: Any, *, now: datetime) -> list[Row]:
    """Return the observations of data arrays, each a series with its components and rows."""
    if not isinstance(body, list):
        sentence = _("Send a list of data arrays, each with Datastream, components, dataArray.")
        raise refused_for(Refusal(422, "", sentence))
    found: list[Row] = []
    for each in body:
        for row in _rows_in_array(each):
            found.append(row if isinstance(row, Refusal) else row_of(row, series=None, now=now))
            _check_count(len(found))
    _check_count(len(found))
    return found


def row_of(sent: Any, *, series: Series | None, now: datetime) -> Row:
    """Return the reading of one observation, or why it is none."""
    if not isinstance(sent, dict):
        return Refusal(422, "", _("An observation is an object with phenomenonTime and result."))
    strange = sorted(set(sent) - KNOWN)
    if strange:
        sentence = _("There is no field “%(name)s” here; leave it out.") % {"name": strange[0][:80]}
        return Refusal(422, strange[0][:80], sentence)
    named = _series(sent, series=series)
    if isinstance(named, Refusal):
        return named
    value = sent.get("result")
    if isinstance(value, bool) or not isinstance(value, int | float) or not _is_finite(value):
        sentence = _("“result” must be a number, not %(value)s.") % {"value": _shown(value)}
        return Refusal(422, "result", sentence)
    try:
        at = moment_sent(sent.get("phenomenonTime"), now=now)
    except ValueError:
        return _no_moment("phenomenonTime", sent["phenomenonTime"])
    if _is_no_moment(sent.get("resultTime"), now=now):
        return _no_moment("resultTime", sent["resultTime"])
    return RawReading(named.address, named.element, at, float(value), "")


def moment_sent(value: Any, *, now: datetime) -> datetime:
    """Return an instant: of an interval its end, of nothing now.

    Text without a zone is of the county's own. Raises ValueError for what is no moment.
    """
    if value is None:
        return now
    if not isinstance(value, str):
        raise ValueError(value)
    begin, slash, end = value.partition("/")
    found = _moment(end if slash else begin)
    if slash and _moment(begin) > found:
        raise ValueError(value)
    return found


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text.strip())
    if not FIRST_YEAR <= found.year < LAST_YEAR:
        raise ValueError(text)
    if timezone.is_naive(found):
        found = timezone.make_aware(found)
    if abs(found.utcoffset() or timedelta()) > timedelta(hours=18):
        raise ValueError(text)
    return found


def _is_no_moment(value: Any, *, now: datetime) -> bool:
    try:
        moment_sent(value, now=now)
    except ValueError:
        return True
    return False


def _no_moment(column: str, value: Any) -> Refusal:
    sentence = _(
        "“%(column)s” must be a moment such as 2024-07-15T20:00:00+08:00, not %(value)s."
    ) % {"column": column, "value": _shown(value)}
    return Refusal(422, column, sentence)


def _series(sent: Mapping[str, Any], *, series: Series | None) -> Series | Refusal:
    """Return the series of an observation: that of the address, or the one that it names."""
    told = sent.get("Datastream")
    if told is None and series is not None:
        return series
    name = told.get(ID) if isinstance(told, dict) else None
    try:
        found = series_named(unquoted(name)) if isinstance(name, str) else None
    except NotAName:
        found = None
    if found is None:
        sentence = _(
            "“Datastream” must be an object whose “@iot.id” is <address>:<element>, such as "
            "0990701001:PN05, not %(value)s."
        ) % {"value": _shown(told)}
        return Refusal(422, "Datastream", sentence)
    if series is not None and found != series:
        sentence = _("The observation names the Datastream %(other)s, its address %(own)s.") % {
            "other": found.name,
            "own": series.name,
        }
        return Refusal(422, "Datastream", sentence)
    return found


def _rows_in_array(sent: Any) -> Iterator[Mapping[str, Any] | Refusal]:
    components = sent.get("components") if isinstance(sent, dict) else None
    rows = sent.get("dataArray") if isinstance(sent, dict) else None
    is_right = isinstance(components, list) and all(isinstance(x, str) for x in components)
    if not is_right or not isinstance(rows, list) or not isinstance(components, list):
        sentence = _("A data array is an object with Datastream, components and dataArray.")
        yield Refusal(422, "", sentence)
        return
    stream = {"Datastream": sent.get("Datastream")}
    for row in rows:
        if not isinstance(row, list) or len(row) != len(components):
            words = {"n": len(components)}
            yield Refusal(422, "dataArray", _("Each row must hold %(n)s values.") % words)
        else:
            yield {**dict(zip(components, row, strict=True)), **stream}


def _check_count(count: int) -> None:
    if not 1 <= count <= MOST_ROWS:
        sentence = _("Send 1 to %(most)s observations in one call.") % {"most": f"{MOST_ROWS:,}"}
        raise ReadingsRefused(422, sentence)


def _is_finite(value: float) -> bool:
    try:
        return isfinite(value)
    except OverflowError:
        return False


def _shown(value: Any) -> str:
    text = dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:59]}…"


def readings_of(rows: Sequence[Row]) -> list[RawReading]:
    """Return those of the rows that are readings."""
    return [row for row in rows if isinstance(row, RawReading)]
