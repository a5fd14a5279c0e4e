"""The registry's nouns."""

from anlan.registry.models.divisions import (
    Division,
    ForestStand,
)
from anlan.registry.models.people import (
    Account,
    Authority,
    Duty,
    Organization,
    Person,
    Post,
    PostHolding,
    Team,
    TeamMember,
)
from anlan.registry.models.places import (
    HazardPoint,
    Household,
    MacroStation,
    Place,
    RangerStation,
    Reservoir,
    River,
    RiverSection,
    RoadLink,
    RoadNode,
    Shelter,
)

__all__ = [
    "Account",
    "Authority",
    "Division",
    "Duty",
    "ForestStand",
    "HazardPoint",
    "Household",
    "MacroStation",
    "Organization",
    "Person",
    "Place",
    "Post",
    "PostHolding",
    "RangerStation",
    "Reservoir",
    "River",
    "RiverSection",
    "RoadLink",
    "RoadNode",
    "Shelter",
    "Team",
    "TeamMember",
]
