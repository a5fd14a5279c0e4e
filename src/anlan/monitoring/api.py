"""The door of monitoring."""

from anlan.monitoring.actions.correct_staff_reading import correct_staff_reading
from anlan.monitoring.actions.enter_staff_reading import enter_staff_reading
from anlan.monitoring.actions.ingest_columns import ingest_columns
from anlan.monitoring.actions.ingest_frames import ingest_frames
from anlan.monitoring.actions.ingest_readings import ingest_readings
from anlan.monitoring.actions.judge_exceedances import judge_exceedances
from anlan.monitoring.actions.note_silences import note_silences
from anlan.monitoring.actions.overrule_reading import overrule_reading
from anlan.monitoring.actions.report_macro import report_macro
from anlan.monitoring.actions.restore_snapshot import restore_snapshot
from anlan.monitoring.actions.verify_macro import verify_macro
from anlan.monitoring.forgetting import forget_windows
from anlan.monitoring.gateways.sl651.encode import encode_report
from anlan.monitoring.queries.anomalies import verified_anomalies
from anlan.monitoring.queries.crossings import crossings, standing_exceedances
from anlan.monitoring.queries.macro import macro_attendance, macro_unreported
from anlan.monitoring.queries.pages import (
    count_crossings,
    level_spans,
    mapped_stations,
    station_names,
)
from anlan.monitoring.queries.rain import peak_rain_times
from anlan.monitoring.queries.silences import silent_stations
from anlan.monitoring.queries.stations import station_points
from anlan.monitoring.walking import walk_along

__all__ = [
    "correct_staff_reading",
    "count_crossings",
    "crossings",
    "encode_report",
    "enter_staff_reading",
    "forget_windows",
    "ingest_columns",
    "ingest_frames",
    "ingest_readings",
    "judge_exceedances",
    "level_spans",
    "macro_attendance",
    "macro_unreported",
    "mapped_stations",
    "note_silences",
    "overrule_reading",
    "peak_rain_times",
    "report_macro",
    "restore_snapshot",
    "silent_stations",
    "standing_exceedances",
    "station_names",
    "station_points",
    "verified_anomalies",
    "verify_macro",
    "walk_along",
]
