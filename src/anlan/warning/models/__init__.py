"""The warning room's nouns."""

from anlan.warning.models.upper import (
    FeedEntry,
    UpperPlace,
    UpperReference,
    UpperWarning,
    WarningSource,
)
from anlan.warning.models.warnings import (
    AnswerLimit,
    Delivery,
    HazardWarning,
    Notice,
    Summons,
    WarningArea,
)

__all__ = [
    "AnswerLimit",
    "Delivery",
    "FeedEntry",
    "HazardWarning",
    "Notice",
    "Summons",
    "UpperPlace",
    "UpperReference",
    "UpperWarning",
    "WarningArea",
    "WarningSource",
]
