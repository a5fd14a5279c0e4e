"""Who may issue which warning, and which leave without anybody's word."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from anlan.kernel.codes import contains
from anlan.registry.data import Colour, Hazard, Role

_ABOVE_TOWNS: Final = frozenset({Role.DUTY_OFFICER, Role.COMMANDER, Role.ADMINISTRATOR})

# Who issues what where a county keeps no rule. Source: the law leaves it to the county's plan
# (突发事件应对法 2024, article 64); the steps follow the domain notes, rules 3.6, where red and
# orange are called at the county and yellow and blue at the town: a design value.
ISSUERS: Final[Mapping[Colour, frozenset[Role]]] = {
    Colour.BLUE: _ABOVE_TOWNS | {Role.TOWN_OFFICER},
    Colour.YELLOW: _ABOVE_TOWNS | {Role.TOWN_OFFICER},
    Colour.ORANGE: _ABOVE_TOWNS,
    Colour.RED: frozenset({Role.COMMANDER, Role.ADMINISTRATOR}),
}
ROLES_THAT_ISSUE: Final = (
    Role.TOWN_OFFICER,
    Role.DUTY_OFFICER,
    Role.COMMANDER,
    Role.ADMINISTRATOR,
)
DECIDE_MINUTES: Final = 15
VALID_HOURS: Final = 24


@dataclass(frozen=True)
class RuleRow:
    """One row of a county's rules; an empty hazard means every one."""

    hazard: str
    colour: int
    is_automatic: bool
    roles: tuple[str, ...]
    decide_minutes: int
    valid_hours: int
    effective_from: date


@dataclass(frozen=True)
class Issuing:
    """How warnings of a hazard and colour are issued in a county.

    `is_kept` tells whether the county has said so itself.
    """

    is_automatic: bool
    roles: frozenset[Role]
    decide_minutes: int
    valid_hours: int
    is_kept: bool


def issuing_of(rows: Iterable[RuleRow], *, hazard: Hazard, colour: Colour) -> Issuing:
    """Return how a hazard and colour are issued by these rows of one county.

    The row that names the hazard wins, then the newest. A county that has said nothing has its
    warnings issued at once: it must not fall silent. A row without roles leaves them as they are
    without it.
    """
    fitting = sorted(
        (row for row in rows if row.colour == colour and row.hazard in ("", hazard)),
        key=lambda row: (row.hazard != "", row.effective_from),
    )
    if not fitting:
        return Issuing(
            is_automatic=True,
            roles=ISSUERS[colour],
            decide_minutes=DECIDE_MINUTES,
            valid_hours=VALID_HOURS,
            is_kept=False,
        )
    row = fitting[-1]
    roles = frozenset(role for role in ROLES_THAT_ISSUE if role in row.roles)
    return Issuing(
        is_automatic=row.is_automatic,
        roles=roles or ISSUERS[colour],
        decide_minutes=row.decide_minutes,
        valid_hours=row.valid_hours,
        is_kept=True,
    )


def uncovered(
    villages: Iterable[str], *, roles: Iterable[Role], held: Iterable[tuple[Role, str]]
) -> list[str]:
    """Return the villages over which none of the roles is held, by code.

    `held` are the roles of whoever wants to issue, each with the division that it is over.
    """
    codes = {code for role, code in held if role in set(roles)}
    return sorted(v for v in set(villages) if not any(contains(code, v) for code in codes))
