"""What stands between an account that has logged in and the pages."""

from collections.abc import Sequence
from datetime import datetime
from enum import Enum

from django.conf import settings

from anlan.registry.models import Account
from anlan.registry.passwords import is_too_old
from anlan.registry.permissions import needs_second_factor
from anlan.registry.queries.authorities import Grant


class EntryStep(Enum):
    """What an account must do before it sees anything, in this order."""

    PROVE = "prove"
    CHANGE_PASSWORD = "change_password"  # noqa: S105  a step, no password
    ENROL = "enrol"


def entry_step(
    account: Account, *, grants: Sequence[Grant], is_verified: bool, at: datetime
) -> EntryStep | None:
    """Return what an account has to do first, or None when the pages are open to it.

    `is_verified` says that it has proved its second factor in this session.
    """
    has_factor = is_verified or account.has_second_factor
    if has_factor and not is_verified:
        return EntryStep.PROVE
    if account.must_change_password or is_too_old(account, at=at):
        return EntryStep.CHANGE_PASSWORD
    is_required = settings.ANLAN_SECOND_FACTOR == "required"
    if is_required and not has_factor and needs_second_factor(grant.role for grant in grants):
        return EntryStep.ENROL
    return None
