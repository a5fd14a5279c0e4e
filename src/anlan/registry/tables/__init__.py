"""The register's tables, declared once: each has its list, form, page, layer, API and sheet."""

from anlan.kernel.tables.table import declare
from anlan.registry.tables.divisions import DIVISIONS, FOREST_STANDS
from anlan.registry.tables.duties import DUTIES
from anlan.registry.tables.forest import FIRE_CHECKPOINTS, FOREST_COMPARTMENTS, RANGER_STATIONS
from anlan.registry.tables.ground import HAZARD_POINTS, MACRO_STATIONS
from anlan.registry.tables.households import HOUSEHOLDS
from anlan.registry.tables.people import HOLDINGS, ORGANIZATIONS, PEOPLE, POSTS
from anlan.registry.tables.public import (
    ENTERPRISES,
    HOSPITALS,
    INFRASTRUCTURE,
    SCHOOLS,
    SHELTERS,
)
from anlan.registry.tables.teams import (
    CERTIFICATES,
    CHECKS,
    EQUIPMENT,
    MEMBERS,
    TEAMS,
    TRAININGS,
)
from anlan.registry.tables.water import RESERVOIRS, RIVER_SECTIONS, RIVERS

declare(
    DIVISIONS,
    ORGANIZATIONS,
    POSTS,
    PEOPLE,
    HOLDINGS,
    DUTIES,
    RIVERS,
    RIVER_SECTIONS,
    RESERVOIRS,
    HAZARD_POINTS,
    MACRO_STATIONS,
    FOREST_STANDS,
    FOREST_COMPARTMENTS,
    RANGER_STATIONS,
    FIRE_CHECKPOINTS,
    SHELTERS,
    SCHOOLS,
    HOSPITALS,
    ENTERPRISES,
    INFRASTRUCTURE,
    HOUSEHOLDS,
    TEAMS,
    MEMBERS,
    EQUIPMENT,
    TRAININGS,
    CERTIFICATES,
    CHECKS,
)
