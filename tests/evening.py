"""An evening of rain over the upper town, with accounts that look at it: for pages and journeys."""

from dataclasses import dataclass

from anlan.command.models import Incident
from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.registry.api import open_account
from anlan.registry.data import Role
from anlan.registry.models import Account, Division
from anlan.warning.models import HazardWarning, Summons
from tests.cast import BANK, COUNTY, LOWER, SLOPE, UPPER, Cast
from tests.weather import pass_time, rain

# Accounts of tests are hashed cheaply: the real hash takes a quarter of a second each.
QUICK_HASH = ["django.contrib.auth.hashers.MD5PasswordHasher"]
PASSWORD = "Rain-all-evening-24"
ACCOUNTS = {
    "duty": (Role.DUTY_OFFICER, COUNTY, "county officer"),
    "upper": (Role.TOWN_OFFICER, UPPER, "upper leader"),
    "lower": (Role.TOWN_OFFICER, LOWER, "lower leader"),
    "slope": (Role.VILLAGE_CADRE, SLOPE, "slope leader"),
    "bank": (Role.VILLAGE_CADRE, BANK, "bank leader"),
    "reader": (Role.READER, COUNTY, ""),
    "clerk": (Role.CLERK, COUNTY, ""),
}


@dataclass(frozen=True)
class Evening:
    """What the pages of the evening are about."""

    cast: Cast
    incident: Incident
    warning: HazardWarning
    accounts: dict[str, Account]

    def call_of(self, person: str) -> Summons:
        """Return the latest call made to a person under the warning."""
        found: Summons = Summons.objects.get(
            warning=self.warning, person_id=self.cast.people[person]
        )
        return found


def make_evening(cast: Cast) -> Evening:
    """Let it rain on the upper town until villages stand under a warning that nobody answered."""
    draw_outlines()
    accounts = {name: account(cast, name) for name in ACCOUNTS}
    rain([cast.stations["upper rain"]], steps=[4.0] * 6)
    pass_time(2)
    return Evening(
        cast=cast,
        incident=Incident.objects.get(),
        warning=HazardWarning.objects.filter(hazard="flash_flood").latest("issued_at"),
        accounts=accounts,
    )


def account(cast: Cast, name: str) -> Account:
    """Open an account of the evening and return it."""
    role, code, person = ACCOUNTS[name]
    key = open_account(
        name,
        password=PASSWORD,
        role=role,
        division_code=code,
        person_id=cast.people.get(person),
        must_change=False,
        by=the_program("tests"),
        now=clock.now(),
    )
    return Account.objects.get(pk=key)


def draw_outlines() -> None:
    """Give each division a square around its centre, so that the map has something to draw."""
    for row in Division.objects.all():
        west, east, south, north = row.lon - 0.005, row.lon + 0.005, row.lat, row.lat + 0.01
        row.boundary = [[west, south], [east, south], [east, north], [west, north]]
        row.save()
