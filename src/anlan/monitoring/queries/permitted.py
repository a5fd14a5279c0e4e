"""Who may enter and verify what was seen by eye: asked again in the action itself."""

from collections.abc import Callable, Iterable
from datetime import datetime

from anlan.kernel.actors import Actor
from anlan.monitoring.refusals import NotPermitted
from anlan.registry.api import grants_of, may
from anlan.registry.data import Permission


def permitted(*needs: Permission, by: Actor, now: datetime) -> Callable[[str], bool]:
    """Return what tells whether an actor holds all of these over a division; the program does."""
    if by.account_id is None:
        return lambda code: True
    grants = grants_of(by.account_id, at=now)
    return lambda code: all(may(grants, need, division_code=code) for need in needs)


def check_permitted(need: Permission, codes: Iterable[str], *, by: Actor, now: datetime) -> None:
    """Raise NotPermitted for the first of these divisions over which the actor does not hold it."""
    is_permitted = permitted(need, by=by, now=now)
    for code in codes:
        if not is_permitted(code):
            raise NotPermitted(code)
