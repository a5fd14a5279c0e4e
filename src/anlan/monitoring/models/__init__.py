"""Monitoring's nouns."""

from anlan.monitoring.models.events import Silence, StationCommand, StationContact, StationMonth
from anlan.monitoring.models.readings import (
    ArchivedMonth,
    EvaluationCursor,
    FrameFault,
    LatestReading,
    OtherElement,
    Overruling,
    Picture,
    Reading,
    ReadingBatch,
    SetAsideReading,
)
from anlan.monitoring.models.rules import (
    CriticalRain,
    Exceedance,
    HeldCondition,
    QualityLimit,
    Rule,
    RuleVersion,
    Threshold,
)
from anlan.monitoring.models.stations import DeviceModel, Station, StationCover

__all__ = [
    "ArchivedMonth",
    "CriticalRain",
    "DeviceModel",
    "EvaluationCursor",
    "Exceedance",
    "FrameFault",
    "HeldCondition",
    "LatestReading",
    "OtherElement",
    "Overruling",
    "Picture",
    "QualityLimit",
    "Reading",
    "ReadingBatch",
    "Rule",
    "RuleVersion",
    "SetAsideReading",
    "Silence",
    "Station",
    "StationCommand",
    "StationContact",
    "StationCover",
    "StationMonth",
    "Threshold",
]
