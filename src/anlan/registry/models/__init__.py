"""The registry's nouns."""

from anlan.registry.models.accounts import (
    Account,
    ApiToken,
    Authority,
    OldPassword,
    SecondFactor,
)
from anlan.registry.models.divisions import (
    Division,
    DivisionChange,
    ForestStand,
)
from anlan.registry.models.households import (
    Household,
)
from anlan.registry.models.limits import (
    RegisterLimit,
)
from anlan.registry.models.people import (
    Duty,
    Organization,
    Person,
    Post,
    PostHolding,
)
from anlan.registry.models.places import (
    Enterprise,
    FireCheckpoint,
    ForestCompartment,
    HazardPoint,
    Hospital,
    Infrastructure,
    MacroStation,
    Place,
    RangerStation,
    Reservoir,
    River,
    RiverSection,
    School,
    Shelter,
)
from anlan.registry.models.roads import (
    RoadLink,
    RoadNode,
)
from anlan.registry.models.sheets import (
    ImportedChunk,
    SheetImport,
)
from anlan.registry.models.teams import (
    Certificate,
    ReadinessCheck,
    Team,
    TeamEquipment,
    TeamMember,
    TeamTraining,
)

__all__ = [
    "Account",
    "ApiToken",
    "Authority",
    "Certificate",
    "Division",
    "DivisionChange",
    "Duty",
    "Enterprise",
    "FireCheckpoint",
    "ForestCompartment",
    "ForestStand",
    "HazardPoint",
    "Hospital",
    "Household",
    "ImportedChunk",
    "Infrastructure",
    "MacroStation",
    "OldPassword",
    "Organization",
    "Person",
    "Place",
    "Post",
    "PostHolding",
    "RangerStation",
    "ReadinessCheck",
    "RegisterLimit",
    "Reservoir",
    "River",
    "RiverSection",
    "RoadLink",
    "RoadNode",
    "School",
    "SecondFactor",
    "SheetImport",
    "Shelter",
    "Team",
    "TeamEquipment",
    "TeamMember",
    "TeamTraining",
]
