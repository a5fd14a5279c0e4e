"""What each role may do, give and lend: the one table, and the rules drawn from it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.registry.data import Permission, Role
from anlan.registry.permissions import (
    FOR_PROGRAMS,
    NEEDS_SECOND_FACTOR,
    ROLE_PERMISSIONS,
    may_grant,
    may_hand_on,
    needs_second_factor,
    permissions_of,
    roles_with,
)

roles = st.sampled_from(list(Role))


def test_every_role_stands_in_the_table() -> None:
    assert set(ROLE_PERMISSIONS) == set(Role)
    assert all(ROLE_PERMISSIONS.values())


def test_accounts_tokens_and_divisions_are_the_administrators_alone() -> None:
    for permission in (
        Permission.MANAGE_ACCOUNTS,
        Permission.MANAGE_TOKENS,
        Permission.REDRAW_DIVISIONS,
    ):
        assert roles_with(permission) == (Role.ADMINISTRATOR,)
    assert set(roles_with(Permission.READ_AUDIT)) == {Role.ADMINISTRATOR, Role.AUDITOR}


@pytest.mark.parametrize("role", [Role.READER, Role.INSPECTOR, Role.AUDITOR, Role.KEEPER])
def test_who_only_looks_changes_nothing_and_sees_no_number(role: Role) -> None:
    held = ROLE_PERMISSIONS[role]
    assert Permission.SHOW_PERSONAL not in held
    assert not {each for each in held if each.name.startswith(("EDIT", "IMPORT", "MANAGE"))}


@given(role=roles, holding=st.sets(roles))
def test_nobody_gives_more_than_they_hold(role: Role, holding: set[Role]) -> None:
    if may_grant(role, holding=holding):
        assert ROLE_PERMISSIONS[role] <= permissions_of(holding)
        assert Role.ADMINISTRATOR in holding


def test_an_administrator_gives_every_role() -> None:
    assert all(may_grant(role, holding=[Role.ADMINISTRATOR]) for role in Role)


@given(role=roles, holding=st.sets(roles))
def test_only_a_role_of_ones_own_is_lent_and_never_administration(
    role: Role, holding: set[Role]
) -> None:
    if may_hand_on(role, holding=holding):
        assert role in holding
        assert role is not Role.ADMINISTRATOR


@given(holding=st.sets(roles), more=roles)
def test_more_roles_never_take_something_away(holding: set[Role], more: Role) -> None:
    assert permissions_of(holding) <= permissions_of({*holding, more})
    for role in Role:
        assert may_grant(role, holding=holding) <= may_grant(role, holding={*holding, more})
    assert needs_second_factor(holding) <= needs_second_factor({*holding, more})


def test_the_second_factor_is_for_administrators_and_commanders() -> None:
    assert frozenset({Role.ADMINISTRATOR, Role.COMMANDER}) == NEEDS_SECOND_FACTOR
    assert not needs_second_factor([Role.DUTY_OFFICER, Role.CLERK])


def test_programs_get_neither_accounts_nor_the_audit() -> None:
    assert not FOR_PROGRAMS & {
        Permission.MANAGE_ACCOUNTS,
        Permission.MANAGE_TOKENS,
        Permission.DELEGATE,
        Permission.READ_AUDIT,
    }
