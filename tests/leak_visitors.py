"""Who walks through the program in the leak test."""

from collections.abc import Mapping
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.test import Client

from anlan.kernel import clock, scope
from anlan.kernel.actors import Actor
from anlan.kernel.tables.table import table_named
from anlan.registry.actions.look_through_sheet import look_through_sheet
from anlan.registry.actions.receive_sheet import receive_sheet
from anlan.registry.data import Office, Permission, Role
from anlan.registry.models import Account, Authority
from anlan.registry.permissions import ROLE_PERMISSIONS
from tests.entrance import logged_in
from tests.leak_by_hand import send_hand_sheet
from tests.leaks import Hold, Visitor
from tests.two_counties import (
    COUNTY,
    FAR_TOWN,
    FAR_VILLAGE,
    NEIGHBOUR,
    OTHER_COUNTY,
    OTHER_VILLAGE,
    PASSWORD,
    TOWN,
    VILLAGE,
    TwoCounties,
)
from tests.two_counties_past import people_sheet

Placed = tuple[Role, str, str]

# Each role where people hold it, some at two levels, and two who hold different ones at two places.
PLACED: Mapping[str, tuple[Placed, ...]] = {
    "administrator-county": ((Role.ADMINISTRATOR, COUNTY, ""),),
    "administrator-town": ((Role.ADMINISTRATOR, TOWN, ""),),
    "commander-county": ((Role.COMMANDER, COUNTY, ""),),
    "duty_officer-county": ((Role.DUTY_OFFICER, COUNTY, ""),),
    "clerk-county-geology": ((Role.CLERK, COUNTY, Office.GEOLOGY.value),),
    "clerk-town": ((Role.CLERK, TOWN, ""),),
    "town_officer-town": ((Role.TOWN_OFFICER, TOWN, ""),),
    "village_cadre-village": ((Role.VILLAGE_CADRE, VILLAGE, ""),),
    "keeper-town": ((Role.KEEPER, TOWN, ""),),
    "inspector-county": ((Role.INSPECTOR, COUNTY, ""),),
    "auditor-county": ((Role.AUDITOR, COUNTY, ""),),
    "auditor-town": ((Role.AUDITOR, TOWN, ""),),
    "reader-county": ((Role.READER, COUNTY, ""),),
    "reader-village": ((Role.READER, VILLAGE, ""),),
    "inspector-and-town_officer": ((Role.INSPECTOR, COUNTY, ""), (Role.TOWN_OFFICER, TOWN, "")),
    "auditor-and-village_cadre": ((Role.AUDITOR, FAR_TOWN, ""), (Role.VILLAGE_CADRE, VILLAGE, "")),
    "authority-run-out": (),
    "closed": (),
    "anonymous": (),
}
# The same role walks all tables at another level, or the way in refuses before any table is met.
THIN = frozenset(
    {"administrator-town", "clerk-town", "auditor-town", "reader-village"}
    | {"authority-run-out", "closed", "anonymous"}
)
BEYOND: Mapping[str, tuple[str, ...]] = {
    COUNTY: (FAR_VILLAGE, OTHER_COUNTY),
    TOWN: (COUNTY, OTHER_VILLAGE, FAR_VILLAGE),
    VILLAGE: (TOWN, NEIGHBOUR, OTHER_VILLAGE, FAR_VILLAGE),
    FAR_TOWN: (NEIGHBOUR, TOWN, OTHER_VILLAGE, OTHER_COUNTY),
}


def visitor_named(name: str, world: TwoCounties) -> Visitor:
    """Open the account of a visitor and return them, logged in."""
    placed = PLACED[name]
    others = BEYOND[placed[0][1]] if placed else (VILLAGE, TOWN, COUNTY, FAR_VILLAGE)
    visitor = Visitor(
        name=name,
        holds=tuple(Hold(ROLE_PERMISSIONS[role], code, office) for role, code, office in placed),
        own=VILLAGE,
        others=others,
        client=Client(raise_request_exception=False),
        step=4 if name in THIN else 1,
    )
    if name != "anonymous":
        enter(visitor, placed)
        world.sheets.clear()
        world.hand_sheets.clear()
        if visitor.may(Permission.IMPORT_SHEETS, VILLAGE):
            world.sheets[visitor.account_id or 0] = [own_sheet(visitor)]
            world.hand_sheets[visitor.account_id or 0] = [own_hand_sheet(visitor)]
    return visitor


def enter(visitor: Visitor, placed: tuple[Placed, ...]) -> None:
    """Give a visitor an account with what they hold, and log it in."""
    now = clock.now()
    account = Account.objects.create(
        username=f"walker.{visitor.name}",
        password=make_password(PASSWORD),
        division_id=placed[0][1] if placed else VILLAGE,
        date_joined=now,
        password_changed_at=now,
    )
    ended = visitor.name == "authority-run-out"
    for role, code, office in placed or ((Role.ADMINISTRATOR, COUNTY, ""),):
        Authority.objects.create(
            account=account,
            role=role,
            division_id=code,
            office=office,
            valid_from=now - timedelta(days=30),
            valid_until=now if ended else None,
        )
    visitor.account_id = account.pk
    client = logged_in(account)
    visitor.session = client.cookies[settings.SESSION_COOKIE_NAME].value
    visitor.home = account.division_id or ""
    if visitor.name == "closed":
        visitor.home = ""
        Account.objects.filter(pk=account.pk).update(is_active=False)


def own_sheet(visitor: Visitor) -> str:
    """Send a spreadsheet in as a visitor, up to the look at what it would do."""
    by, now = Actor(label=visitor.name, account_id=visitor.account_id), clock.now()
    with scope.everywhere("tests"):
        uuid = receive_sheet(
            people_sheet(VILLAGE, sign="标"),
            file_name="people.xlsx",
            table=table_named("people"),
            codes=[hold.code for hold in visitor.holds],
            by=by,
            now=now,
        )
        look_through_sheet(uuid, by=by, now=now)
    return uuid


def own_hand_sheet(visitor: Visitor) -> str:
    """Send a spreadsheet of staff readings in as a visitor."""
    with scope.everywhere("tests"):
        sent = send_hand_sheet(VILLAGE, account_id=visitor.account_id, label=visitor.name)
    return str(sent.uuid)
