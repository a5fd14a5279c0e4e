"""What each role may do: one table, read by pages, actions and the HTTP API alike. Pure."""

from collections.abc import Iterable, Mapping

from anlan.registry.data import Permission, Role

_READS = frozenset({Permission.READ_REGISTER})
_SEES_HOUSEHOLDS = _READS | {Permission.READ_HOUSEHOLDS}
_CALLS_PEOPLE = _SEES_HOUSEHOLDS | {Permission.SHOW_PERSONAL}
_KEEPS_RECORDS = _CALLS_PEOPLE | {
    Permission.EDIT_REGISTER,
    Permission.EDIT_HOUSEHOLDS,
    Permission.IMPORT_SHEETS,
    Permission.EXPORT_SHEETS,
    Permission.CHECK_TEAMS,
}
_WARNS = frozenset({Permission.DRAFT_WARNINGS, Permission.ISSUE_WARNINGS})

ROLE_PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.ADMINISTRATOR: _KEEPS_RECORDS
    | _WARNS
    | {
        Permission.REDRAW_DIVISIONS,
        Permission.MANAGE_ACCOUNTS,
        Permission.MANAGE_TOKENS,
        Permission.DELEGATE,
        Permission.READ_AUDIT,
        Permission.RECORD_ANSWERS,
        Permission.ENTER_READINGS,
        Permission.KEEP_STATIONS,
        Permission.KEEP_SOURCES,
        Permission.KEEP_CHANNELS,
        Permission.KEEP_WARNING_RULES,
    },
    Role.COMMANDER: _CALLS_PEOPLE
    | _WARNS
    | {
        Permission.EXPORT_SHEETS,
        Permission.DELEGATE,
        Permission.RECORD_ANSWERS,
        Permission.KEEP_WARNING_RULES,
    },
    Role.DUTY_OFFICER: _CALLS_PEOPLE
    | _WARNS
    | {
        Permission.EXPORT_SHEETS,
        Permission.DELEGATE,
        Permission.RECORD_ANSWERS,
        Permission.ENTER_READINGS,
        Permission.KEEP_STATIONS,
    },
    Role.CLERK: _KEEPS_RECORDS | {Permission.ENTER_READINGS, Permission.DRAFT_WARNINGS},
    Role.TOWN_OFFICER: _KEEPS_RECORDS
    | _WARNS
    | {Permission.DELEGATE, Permission.RECORD_ANSWERS, Permission.ENTER_READINGS},
    Role.VILLAGE_CADRE: _CALLS_PEOPLE | {Permission.EDIT_HOUSEHOLDS, Permission.ENTER_READINGS},
    Role.KEEPER: _READS,
    Role.INSPECTOR: _READS,
    Role.AUDITOR: _READS | {Permission.EXPORT_SHEETS, Permission.READ_AUDIT},
    Role.READER: _SEES_HOUSEHOLDS | {Permission.EXPORT_SHEETS},
}

# Whoever holds one of these proves who they are twice: password and a code of the moment.
NEEDS_SECOND_FACTOR = frozenset({Role.ADMINISTRATOR, Role.COMMANDER})

# Administration is given by administrators alone, never handed on for a time.
NOT_HANDED_ON = frozenset({Role.ADMINISTRATOR})
LONGEST_DELEGATION_DAYS = 30

# What another program may be let do; accounts, tokens and the audit are for people.
FOR_PROGRAMS = frozenset(
    {
        Permission.READ_REGISTER,
        Permission.READ_HOUSEHOLDS,
        Permission.SHOW_PERSONAL,
        Permission.EDIT_REGISTER,
        Permission.EDIT_HOUSEHOLDS,
        Permission.IMPORT_SHEETS,
        Permission.EXPORT_SHEETS,
        Permission.SEND_READINGS,
    }
)
LONGEST_TOKEN_DAYS = 365


def permissions_of(roles: Iterable[Role]) -> frozenset[Permission]:
    """Return all that these roles hold together."""
    return frozenset().union(*(ROLE_PERMISSIONS[role] for role in roles))


def may_grant(role: Role, *, holding: Iterable[Role]) -> bool:
    """Tell whether somebody with these roles over a division may give `role` in it.

    They manage accounts there, and the role holds nothing that they do not.
    """
    held = permissions_of(holding)
    return Permission.MANAGE_ACCOUNTS in held and ROLE_PERMISSIONS[role] <= held


def may_hand_on(role: Role, *, holding: Iterable[Role]) -> bool:
    """Tell whether somebody who holds these roles in their own right may lend `role` to another."""
    roles = set(holding)
    return role in roles - NOT_HANDED_ON and Permission.DELEGATE in permissions_of(roles)


def needs_second_factor(roles: Iterable[Role]) -> bool:
    """Tell whether whoever holds these roles must prove who they are twice."""
    return not NEEDS_SECOND_FACTOR.isdisjoint(roles)


def roles_with(permission: Permission) -> tuple[Role, ...]:
    """Return the roles that hold a permission."""
    return tuple(role for role, held in ROLE_PERMISSIONS.items() if permission in held)
