"""The warning room's nouns."""

from anlan.warning.models.calls import Answer, AnswerLimit, Summons
from anlan.warning.models.drafts import IssueRule, WarningDraft, WarningText
from anlan.warning.models.loudspeakers import Loudspeaker
from anlan.warning.models.measures import CommunicationTest, TestCall, WarningVerdict
from anlan.warning.models.messages import (
    ChannelProvider,
    Delivery,
    HeardOnce,
    Notice,
    PersonChannel,
)
from anlan.warning.models.upper import (
    FeedEntry,
    UpperPlace,
    UpperReference,
    UpperWarning,
    WarningSource,
)
from anlan.warning.models.warnings import HazardWarning, WarningArea

__all__ = [
    "Answer",
    "AnswerLimit",
    "ChannelProvider",
    "CommunicationTest",
    "Delivery",
    "FeedEntry",
    "HazardWarning",
    "HeardOnce",
    "IssueRule",
    "Loudspeaker",
    "Notice",
    "PersonChannel",
    "Summons",
    "TestCall",
    "UpperPlace",
    "UpperReference",
    "UpperWarning",
    "WarningArea",
    "WarningDraft",
    "WarningSource",
    "WarningText",
    "WarningVerdict",
]
