"""The door of the warning room."""

from anlan.warning.actions.acknowledge import acknowledge
from anlan.warning.actions.issue_warnings import issue_warnings
from anlan.warning.actions.lift_warnings import lift_warnings
from anlan.warning.actions.restore_snapshot import restore_snapshot
from anlan.warning.actions.send_messages import send_messages
from anlan.warning.queries.records import call_records, warning_records
from anlan.warning.queries.open_warnings import (
    calls_of,
    open_warnings,
    villages_under,
    warnings_by_uuid,
)

__all__ = [
    "acknowledge",
    "call_records",
    "calls_of",
    "issue_warnings",
    "lift_warnings",
    "open_warnings",
    "restore_snapshot",
    "send_messages",
    "villages_under",
    "warning_records",
    "warnings_by_uuid",
]
