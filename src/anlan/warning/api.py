"""The door of the warning room."""

from anlan.warning.actions.acknowledge import acknowledge
from anlan.warning.actions.issue_warnings import issue_warnings
from anlan.warning.actions.lift_warnings import lift_warnings
from anlan.warning.actions.report_done import report_done
from anlan.warning.actions.restore_snapshot import restore_snapshot
from anlan.warning.actions.send_messages import send_messages
from anlan.warning.queries.calls import (
    call_spans,
    calls_to_report_of,
    count_open_calls_of,
    open_calls_of,
)
from anlan.warning.queries.measures import MeasureFilter, Measures, measures_of
from anlan.warning.queries.objections import check_no_open_warnings
from anlan.warning.queries.open_warnings import (
    calls_of,
    last_end,
    open_warning_uuids,
    open_warnings,
    unanswered_calls,
    villages_under,
    warnings_by_uuid,
)
from anlan.warning.queries.pages import area_spans, count_open_warnings, warning_ids_in_sight
from anlan.warning.queries.records import call_records, warning_records
from anlan.warning.queries.upper_warnings import count_upper_in_force, upper_warnings_in_force

__all__ = [
    "MeasureFilter",
    "Measures",
    "acknowledge",
    "area_spans",
    "call_records",
    "call_spans",
    "calls_of",
    "calls_to_report_of",
    "check_no_open_warnings",
    "count_open_calls_of",
    "count_open_warnings",
    "count_upper_in_force",
    "issue_warnings",
    "last_end",
    "lift_warnings",
    "measures_of",
    "open_calls_of",
    "open_warning_uuids",
    "open_warnings",
    "report_done",
    "restore_snapshot",
    "send_messages",
    "unanswered_calls",
    "upper_warnings_in_force",
    "villages_under",
    "warning_ids_in_sight",
    "warning_records",
    "warnings_by_uuid",
]
