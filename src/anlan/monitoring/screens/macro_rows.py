"""The rows of a macro-observation station's daily form: one a kind, as it stands or as typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anlan.kernel.sheets.cells import BadCell, as_number, as_text, as_whole
from anlan.monitoring.core.macro import MEASURED, SIGNS_OF
from anlan.monitoring.data import MacroEntry, MacroKind, MacroResult, MacroSign, MacroState
from anlan.monitoring.models import MacroReport
from anlan.monitoring.queries.macro import KINDS, StationDay
from anlan.monitoring.refusals import Complaint
from anlan.monitoring.sheets.columns import DEGREES, METRES

LONGEST_DESCRIPTION = 200
FIGURES: Mapping[str, str | Promise] = {
    "animals": gettext_lazy("Number of animals"),
    "water_level_m": gettext_lazy("Well level, m"),
    "temperature_c": gettext_lazy("Temperature, °C"),
}
HINTS: Mapping[MacroKind, str | Promise] = {
    MacroKind.WATER: gettext_lazy("wells and springs: level, muddy, bubbles, colour, taste"),
    MacroKind.ANIMAL: gettext_lazy("frightened, listless, out at the wrong time, moving away"),
    MacroKind.GAS: gettext_lazy("smell, mist or warmth out of the ground"),
    MacroKind.GEOPHYSICS: gettext_lazy("rumbling, flashes, disturbed radio"),
    MacroKind.OTHER: gettext_lazy("plants out of season and whatever else is strange"),
}


@dataclass
class MacroRow:
    """One kind on the form: what is in its fields, and what is wrong with them."""

    kind: MacroKind
    hint: str | Promise
    signs: Sequence[MacroSign]
    figures: Sequence[tuple[str, str | Promise, str]]
    result: str = MacroResult.NORMAL.value
    sign: str = ""
    description: str = ""
    report: MacroReport | None = None
    faults: list[str] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Tell whether the details must be seen."""
        return self.result == MacroResult.ANOMALY or bool(self.faults)

    @property
    def is_settled(self) -> bool:
        """Tell whether the anomaly is verified, so that nothing can be changed."""
        return self.report is not None and self.report.state == MacroState.VERIFIED


def rows_of(
    shown: StationDay,
    typed: Mapping[str, str] | None = None,
    *,
    faults: Mapping[MacroKind, list[str]] | None = None,
) -> list[MacroRow]:
    """Return the rows of a form: what is reported, or what was typed."""
    rows = [_row(kind, shown.reports.get(kind), typed) for kind in KINDS]
    for row in rows:
        row.faults = (faults or {}).get(row.kind, [])
    return rows


def _row(kind: MacroKind, report: MacroReport | None, typed: Mapping[str, str] | None) -> MacroRow:
    said = _typed(kind, typed) if typed is not None else _stored(report)
    return MacroRow(
        kind=kind,
        hint=HINTS[kind],
        signs=SIGNS_OF[kind],
        figures=[(name, FIGURES[name], said.get(name, "")) for name in MEASURED[kind]],
        result=said.get("result") or MacroResult.NORMAL.value,
        sign=said.get("sign", ""),
        description=said.get("description", ""),
        report=report,
    )


def _typed(kind: MacroKind, typed: Mapping[str, str]) -> dict[str, str]:
    names = ("result", "sign", "description", *MEASURED[kind])
    return {name: typed.get(f"{kind.value}-{name}", "") for name in names}


def _stored(report: MacroReport | None) -> dict[str, str]:
    if report is None:
        return {}
    figures = {name: getattr(report, name) for name in FIGURES}
    return {
        "result": (MacroResult.ANOMALY if report.is_anomaly else MacroResult.NORMAL).value,
        "sign": report.sign,
        "description": report.description,
        **{name: "" if value is None else f"{value:g}" for name, value in figures.items()},
    }


def entries_typed(
    typed: Mapping[str, str], *, place_id: int, day: date
) -> tuple[list[MacroEntry], dict[MacroKind, list[str]]]:
    """Return the lines of a form that was sent, and what cannot be read of which kind.

    A kind of which nothing was chosen is not reported.
    """
    entries: list[MacroEntry] = []
    faults: dict[MacroKind, list[str]] = {}
    for kind in KINDS:
        said = _typed(kind, typed)
        if said["result"] not in MacroResult.values:
            continue
        try:
            entries.append(_entry(kind, said, place_id=place_id, day=day))
        except BadCell as error:
            faults[kind] = [str(error)]
    return entries, faults


def _entry(kind: MacroKind, said: Mapping[str, str], *, place_id: int, day: date) -> MacroEntry:
    if said["sign"] and said["sign"] not in MacroSign.values:
        raise BadCell(_("Choose the sign from the list."))
    figures: dict[str, Any] = {
        "animals": as_whole(said.get("animals")),
        "water_level_m": as_number(said.get("water_level_m"), units=METRES),
        "temperature_c": as_number(said.get("temperature_c"), units=DEGREES),
    }
    return MacroEntry(
        place_id=place_id,
        day=day,
        kind=kind,
        is_anomaly=said["result"] == MacroResult.ANOMALY,
        sign=said["sign"],
        description=as_text(said["description"], longest=LONGEST_DESCRIPTION) or "",
        **figures,
    )


def is_quiet_press(typed: Mapping[str, str]) -> bool:
    """Tell whether the button for a quiet day was pressed on a form that says nothing else."""
    chosen = (typed.get(f"{kind.value}-result") for kind in KINDS)
    return "all_normal" in typed and MacroResult.ANOMALY not in chosen


def nothing_unusual(shown: StationDay) -> list[MacroEntry]:
    """Return a quiet line of every kind of which nothing is reported yet."""
    return [MacroEntry(place_id=shown.place.id, day=shown.day, kind=kind) for kind in shown.missing]


def by_kind(
    entries: Sequence[MacroEntry], complaints: Sequence[Complaint]
) -> dict[MacroKind, list[str]]:
    """Return complaints about lines by the kind that each is about."""
    found: dict[MacroKind, list[str]] = {}
    for each in complaints:
        found.setdefault(entries[each.index].kind, []).append(each.sentence)
    return found
