"""Monitoring's nouns."""

from anlan.monitoring.models.events import Silence, StationCommand, StationContact, StationMonth
from anlan.monitoring.models.hand import HandSheet, MacroReport
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
    DerivedDay,
    Exceedance,
    QualityLimit,
    Rule,
    RuleVersion,
    SoilModel,
    Threshold,
)
from anlan.monitoring.models.stations import (
    DeviceModel,
    IgnoredAddress,
    Station,
    StationCover,
)

__all__ = [
    "ArchivedMonth",
    "CriticalRain",
    "DerivedDay",
    "DeviceModel",
    "EvaluationCursor",
    "Exceedance",
    "FrameFault",
    "HandSheet",
    "IgnoredAddress",
    "LatestReading",
    "MacroReport",
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
    "SoilModel",
    "Station",
    "StationCommand",
    "StationContact",
    "StationCover",
    "StationMonth",
    "Threshold",
]
