"""Who can log in to the demo."""

from datetime import datetime

from anlan.demo.data import DemoAccount
from anlan.kernel.actors import the_program
from anlan.registry.api import holders, open_account, towns
from anlan.registry.data import DutyKind, Role

PASSWORD = "Anlan-demo-2026"  # noqa: S105  printed by the demo; it opens nothing but the demo
COUNTY = "990701000000"


def demo_accounts() -> tuple[DemoAccount, ...]:
    """Return the accounts of the demo: the county's, one town's and one village's."""
    town = next(found.code for found in towns() if found.code[6:9] >= "100")
    village = town[:9] + "200"
    return (
        DemoAccount("duty", Role.DUTY_OFFICER, COUNTY, DutyKind.COUNTY_DUTY),
        DemoAccount("commander", Role.COMMANDER, COUNTY, DutyKind.COMMANDER),
        DemoAccount("town", Role.TOWN_OFFICER, town, DutyKind.TOWN_LEADER),
        DemoAccount("village", Role.VILLAGE_CADRE, village, DutyKind.VILLAGE_LEADER),
        DemoAccount("reader", Role.READER, COUNTY, None),
        DemoAccount("clerk", Role.CLERK, COUNTY, None),
        DemoAccount("admin", Role.ADMINISTRATOR, COUNTY, None),
    )


def open_demo_accounts(*, now: datetime) -> None:
    """Open the demo's accounts, each tied to the person who holds the duty there."""
    for account in demo_accounts():
        person = None
        if account.duty is not None:
            held = holders(account.duty, divisions=[account.division_code], at=now)
            people = held.get(account.division_code, ())
            person = people[0] if people else None
        open_account(
            account.username,
            password=PASSWORD,
            role=account.role,
            division_code=account.division_code,
            person_id=person,
            must_change=False,
            by=the_program("demo"),
            now=now,
        )
