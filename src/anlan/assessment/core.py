"""The figures of a report, from plain records: no database, no clock."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from statistics import median
from typing import Any

import numpy as np

from anlan.command.data import TaskBrief, TaskState
from anlan.relief.data import MoveRecord, MoveState
from anlan.warning.data import CallRecord, RungKind, SummonsState, VerdictKind, WarningRecord

Figures = dict[str, Any]
BEIJING = timezone(timedelta(hours=8))  # China keeps one time
RUNGS = (RungKind.PERSON, RungKind.RETRY, RungKind.DEPUTY, RungKind.TOWN, RungKind.COUNTY)


@dataclass(frozen=True)
class Records:
    """Everything that a report is computed from, for the county or for one town."""

    warnings: Sequence[WarningRecord]
    calls: Sequence[CallRecord]
    moves: Sequence[MoveRecord]
    tasks: Sequence[TaskBrief]
    peaks: Mapping[str, datetime]


def narrowed(records: Records, *, prefix: str) -> Records:
    """Return the records of one town."""
    return Records(
        warnings=[w for w in records.warnings if w.town_code.startswith(prefix)],
        calls=[c for c in records.calls if c.village.startswith(prefix)],
        moves=[m for m in records.moves if m.division_code.startswith(prefix)],
        tasks=[t for t in records.tasks if t.division_code.startswith(prefix)],
        peaks=records.peaks,
    )


def figures_of(records: Records) -> Figures:
    """Return the figures of the chain; None where there is nothing to measure."""
    return {
        **_chain_figures(records),
        **verdict_figures(records.warnings),
        **_move_figures(records.moves, peaks=records.peaks),
        **_task_figures(records.tasks),
        "escalations": _escalations(records.calls),
    }


def _chain_figures(records: Records) -> Figures:
    calls = [c for c in records.calls if c.state is not SummonsState.REPLACED]
    answered = [c for c in calls if c.answered_at is not None]
    in_time = [c for c in answered if c.answered_in_time]
    minutes = [_minutes(c.asked_at, c.answered_at) for c in answered if c.answered_at]
    return {
        "first_exceedance_at": _first(w.crossed_at for w in records.warnings),
        "first_warning_at": _first(w.issued_at for w in records.warnings),
        "first_acknowledged_at": _first(c.answered_at for c in answered),
        "warnings": len(records.warnings),
        "warn_median_min": _median(_minutes(w.crossed_at, w.issued_at) for w in records.warnings),
        "summons": len(calls),
        "summons_replaced": len(records.calls) - len(calls),
        "acknowledged": len(answered),
        "acknowledged_share": _share(len(answered), len(calls)),
        "acknowledged_in_time_share": _share(len(in_time), len(calls)),
        "ack_median_min": _median(minutes),
        "ack_p95_min": _percentile(minutes, 95),
        "reported": sum(1 for c in answered if c.reported_at is not None),
        "reported_share": _share(
            sum(1 for c in answered if c.reported_at is not None), len(answered)
        ),
    }


def verdict_figures(warnings: Iterable[WarningRecord]) -> Figures:
    """Return what warnings turned out to be; one that nobody judged counts as neither.

    The lead time is from the issue until what was warned of came, below zero: too late.
    """
    judged = [w for w in warnings if w.verdict is not None]
    false_alarms = sum(1 for w in judged if w.verdict is VerdictKind.FALSE_ALARM)
    leads = [
        w.lead_minutes
        for w in judged
        if w.lead_minutes is not None and w.verdict is not VerdictKind.FALSE_ALARM
    ]
    return {
        "warnings_judged": len(judged),
        "false_alarms": false_alarms,
        "false_alarm_share": _share(false_alarms, len(judged)),
        "lead_median_min": _median(leads),
    }


def _move_figures(moves: Sequence[MoveRecord], *, peaks: Mapping[str, datetime]) -> Figures:
    by_household: dict[int, list[MoveRecord]] = {}
    for move in moves:
        by_household.setdefault(move.household_id, []).append(move)
    people = {household: group[0].people for household, group in by_household.items()}
    moved = {h for h, group in by_household.items() if any(m.sheltered_at for m in group)}
    late = {h for h, group in by_household.items() if not _is_out(group, peaks=peaks)}
    times = [_minutes(m.ordered_at, m.sheltered_at) for m in moves if m.sheltered_at]
    return {
        "households_at_risk": len(by_household),
        "people_at_risk": sum(people.values()),
        "households_moved": len(moved),
        "people_moved": sum(people[h] for h in moved),
        "moved_share": _share(sum(people[h] for h in moved), sum(people.values())),
        "notified_median_min": _median(
            _minutes(m.ordered_at, m.notified_at) for m in moves if m.notified_at
        ),
        "evacuated_median_min": _median(times),
        "evacuated_p95_min": _percentile(times, 95),
        "people_not_out_before_peak": sum(people[h] for h in late),
        "households_refusing_or_missed": len(by_household) - len(moved),
    }


def _is_out(group: Sequence[MoveRecord], *, peaks: Mapping[str, datetime]) -> bool:
    """Tell whether a household had left its home when the rain at its gauge was at its worst."""
    peak = peaks.get(group[0].division_code)
    if peak is None:
        return True
    return any(m.left_at is not None and m.left_at <= peak for m in group)


def _task_figures(tasks: Sequence[TaskBrief]) -> Figures:
    wanted = [t for t in tasks if t.state is not TaskState.CANCELLED]
    on_time = [
        t for t in wanted if t.state is TaskState.DONE and t.closed_at and t.closed_at <= t.due_at
    ]
    return {
        "tasks": len(tasks),
        "tasks_done": sum(1 for t in tasks if t.state is TaskState.DONE),
        "tasks_on_time": len(on_time),
        "tasks_on_time_share": _share(len(on_time), len(tasks)),
    }


def _escalations(calls: Iterable[CallRecord]) -> dict[str, int]:
    """Return how many calls went up to each rung, and how many nobody answered in the end."""
    counted = {rung.value: 0 for rung in RUNGS}
    counted["nobody"] = 0
    for call in calls:
        for rung in call.rungs_rung:
            counted[rung] = counted.get(rung, 0) + 1
        counted["nobody"] += call.state is SummonsState.UNANSWERED
    return counted


def broken_invariants(
    records: Records,
    *,
    audience_wrong: Sequence[str],
    counted_in: int,
    moves_before_notice: int,
) -> dict[str, Any]:
    """Return what must hold for any report, each with the truth found."""
    moved = sum(m.people for m in records.moves if m.sheltered_at is not None)
    return {
        "audience_equals_answerable": not audience_wrong,
        "audience_wrong": list(audience_wrong),
        "nobody_moved_before_notice": moves_before_notice == 0,
        "sheltered_equals_moved": counted_in == moved,
        "counted_in": counted_in,
        "moved": moved,
        "households_still_out": sum(1 for m in records.moves if m.state is MoveState.SHELTERED),
    }


def _minutes(start: datetime, end: datetime | None) -> float:
    return (end - start).total_seconds() / 60 if end else float("nan")


def _first(moments: Iterable[datetime | None]) -> str | None:
    found = [moment for moment in moments if moment is not None]
    return min(found).astimezone(BEIJING).isoformat(timespec="seconds") if found else None


def _median(values: Iterable[float]) -> float | None:
    found = list(values)
    return round(median(found), 2) if found else None


def _percentile(values: Sequence[float], rank: int) -> float | None:
    return round(float(np.percentile(values, rank)), 2) if values else None


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
