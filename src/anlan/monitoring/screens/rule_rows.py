"""The rows of a rule's form: what somebody typed, as a rule says it, and back again."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import QueryDict
from django.utils.translation import gettext as _

from anlan.kernel.paging import whole_number
from anlan.monitoring.core.rules import MOST_CONDITIONS, Condition, RuleText
from anlan.monitoring.data import Measure
from anlan.registry.data import Colour

SPARE_ROWS = 3
NO_VALUE = float("nan")
NO_NUMBER = -1
FIELDS = (
    "colour",
    "measure",
    "element",
    "window_min",
    "value",
    "together",
    "station",
    "measured_at",
    "season_from",
    "season_until",
)


@dataclass(frozen=True)
class TypedRow:
    """One row of the form as it is typed; `number` counts from 1."""

    number: int
    colour: str = str(int(Colour.YELLOW))
    measure: str = Measure.SUM.value
    element: str = ""
    window_min: str = ""
    value: str = ""
    together: str = ""
    station: str = ""
    measured_at: str = ""
    season_from: str = ""
    season_until: str = ""

    @property
    def is_blank(self) -> bool:
        """Tell whether nothing was typed that would make a condition."""
        return not (self.element or self.value or self.window_min or self.station)


@dataclass(frozen=True)
class TypedRule:
    """A rule's form as it is typed."""

    name: str
    source: str
    rows: tuple[TypedRow, ...]
    hazard: str = ""
    division: str = ""
    for_min: str = "0"
    stations_needed: str = "1"
    falls_to: str = "0.9"
    falls_by: str = "0.1"
    clear_after_min: str = "60"
    seen: str = ""

    @property
    def filled(self) -> tuple[TypedRow, ...]:
        """Return the rows in which something was typed."""
        return tuple(row for row in self.rows if not row.is_blank)


class Mistyped(ValueError):
    """A text that stands for nothing in its field; the words say which, and what to do."""

    @classmethod
    def for_station(cls, text: str, *, row: int) -> "Mistyped":
        """Return the error for a text by which no station of the list is known."""
        return cls(
            _("Row %(row)s: “%(text)s” is no station of the list; choose one of it.")
            % {"row": row, "text": text}
        )

    @classmethod
    def for_number(cls, text: str, *, row: int = 0) -> "Mistyped":
        """Return the error for a text that should be a whole number."""
        sentence = _("“%(text)s” is no whole number; write it as 60.") % {"text": text}
        if not row:
            return cls(sentence)
        return cls(_("Row %(row)s: %(sentence)s") % {"row": row, "sentence": sentence})


def typed_in(asked: QueryDict) -> TypedRule:
    """Return what a form sends, its rows counted from 1."""
    return TypedRule(
        name=asked.get("name", ""),
        source=asked.get("source", ""),
        hazard=asked.get("hazard", ""),
        division=asked.get("division", ""),
        rows=_counted(_typed_rows(asked)),
        for_min=asked.get("for_min", "0"),
        stations_needed=asked.get("stations_needed", "1"),
        falls_to=asked.get("falls_to", "0.9"),
        falls_by=asked.get("falls_by", "0.1"),
        clear_after_min=asked.get("clear_after_min", "60"),
        seen=asked.get("seen", ""),
    )


def typed_of(
    text: RuleText, *, name: str, seen: datetime, stations: Mapping[int, str]
) -> TypedRule:
    """Return what a version says as its form shows it."""
    rows = [
        TypedRow(
            number=0,
            colour=str(int(each.colour)),
            measure=each.measure.value,
            element=each.element,
            window_min=str(each.window_min or ""),
            value=f"{each.value:g}" if each.value == round(each.value, 4) else repr(each.value),
            together=each.together,
            station=stations.get(each.station_id or 0, ""),
            measured_at=stations.get(each.measured_at_id or 0, ""),
            season_from=each.season_from,
            season_until=each.season_until,
        )
        for each in text.conditions
    ]
    return TypedRule(
        name=name,
        source=text.source,
        rows=_counted(rows),
        for_min=str(text.for_min),
        stations_needed=str(text.stations_needed),
        falls_to=f"{text.falls_to:g}",
        falls_by=f"{text.falls_by:g}",
        clear_after_min=str(text.clear_after_min),
        seen=seen.isoformat(),
    )


def with_spare(typed: TypedRule) -> tuple[TypedRow, ...]:
    """Return the filled rows of a form and some to fill."""
    return _counted([*typed.filled, *[TypedRow(number=0)] * SPARE_ROWS])


def text_from(typed: TypedRule, *, stations: Mapping[int, str]) -> RuleText:
    """Return what a typed form says; raise Mistyped. A limit that is no number stays none."""
    by_text = {text: key for key, text in stations.items()}
    return RuleText(
        source=typed.source.strip(),
        conditions=tuple(
            _condition(row, place, by_text) for place, row in enumerate(typed.filled, start=1)
        ),
        for_min=_whole(typed.for_min),
        stations_needed=_whole(typed.stations_needed),
        falls_to=_number(typed.falls_to),
        falls_by=_number(typed.falls_by),
        clear_after_min=_whole(typed.clear_after_min),
    )


def _condition(row: TypedRow, place: int, stations: Mapping[str, int]) -> Condition:
    measure = Measure(row.measure) if row.measure in Measure.values else Measure.SUM
    has_window = measure not in (Measure.LAST, Measure.ANTECEDENT)
    return Condition(
        colour=Colour(int(row.colour)) if row.colour in map(str, Colour.values) else Colour.YELLOW,
        measure=measure,
        element=row.element,
        value=_number(row.value),
        window_min=_whole(row.window_min or "0", row=place) if has_window else 0,
        together=row.together,
        station_id=_station(row.station, place, stations),
        measured_at_id=_station(row.measured_at, place, stations),
        season_from=row.season_from,
        season_until=row.season_until,
    )


def _station(text: str, place: int, stations: Mapping[str, int]) -> int | None:
    if not text:
        return None
    if text not in stations:
        raise Mistyped.for_station(text, row=place)
    return stations[text]


def _typed_rows(asked: QueryDict) -> Iterator[TypedRow]:
    count = min(whole_number(asked.get("rows", ""), otherwise=0), MOST_CONDITIONS + SPARE_ROWS)
    for number in range(1, count + 1):
        typed = {name: asked.get(f"{name}-{number}", "").strip() for name in FIELDS}
        yield TypedRow(number=number, **typed)


def _counted(rows: Iterator[TypedRow] | Sequence[TypedRow]) -> tuple[TypedRow, ...]:
    return tuple(
        TypedRow(number=place, **{name: getattr(row, name) for name in FIELDS})
        for place, row in enumerate(rows, start=1)
    )


def _number(text: str) -> float:
    try:
        return float(text.strip().replace("，", ".").replace(",", "."))
    except ValueError:
        return NO_VALUE


def _whole(text: str, *, row: int = 0) -> int:
    found = whole_number(text, otherwise=NO_NUMBER)
    if found == NO_NUMBER:
        raise Mistyped.for_number(text, row=row)
    return found
