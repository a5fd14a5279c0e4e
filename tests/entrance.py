"""Ways in for tests: a browser in which somebody is logged in, and the codes that an app shows."""

from django.test import Client
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.oath import TOTP

from anlan.kernel import clock
from anlan.kernel.actors import Actor, the_program
from anlan.registry.api import actor_for, open_account
from anlan.registry.data import DivisionKind, Office, Role
from anlan.registry.models import Account, Division, SecondFactor
from anlan.registry.permissions import needs_second_factor
from anlan.registry.queries.authorities import roles_of
from anlan.web.middleware import SEEN, SINCE
from tests.cast import COUNTY, LOWER, SLOPE, UPPER

BY = the_program("tests")
PASSWORD = "Rain-all-evening-24"
OTHER_COUNTY = "990702000000"
OTHER_TOWN = "990702101000"

# Somebody of each standing, in the county of the cast and in the next one.
PEOPLE: dict[str, tuple[Role, str, Office | None]] = {
    "admin": (Role.ADMINISTRATOR, COUNTY, None),
    "second-admin": (Role.ADMINISTRATOR, COUNTY, None),
    "commander": (Role.COMMANDER, COUNTY, None),
    "duty": (Role.DUTY_OFFICER, COUNTY, None),
    "clerk": (Role.CLERK, COUNTY, Office.GEOLOGY),
    "upper": (Role.TOWN_OFFICER, UPPER, None),
    "lower": (Role.TOWN_OFFICER, LOWER, None),
    "slope": (Role.VILLAGE_CADRE, SLOPE, None),
    "auditor": (Role.AUDITOR, COUNTY, None),
    "far-admin": (Role.ADMINISTRATOR, OTHER_COUNTY, None),
    "far-town": (Role.TOWN_OFFICER, OTHER_TOWN, None),
}


def open_accounts() -> dict[str, Account]:
    """Open the accounts of two counties beside each other and return them by user name."""
    for code, parent, kind in (
        (OTHER_COUNTY, None, DivisionKind.COUNTY),
        (OTHER_TOWN, OTHER_COUNTY, DivisionKind.TOWN),
    ):
        Division.objects.create(code=code, parent_id=parent, kind=kind, name="邻" + code[6:9])
    return {name: opened(name, role, code, office) for name, (role, code, office) in PEOPLE.items()}


def opened(name: str, role: Role, code: str, office: Office | None = None) -> Account:
    """Open one account and return it."""
    key = open_account(
        name,
        password=PASSWORD,
        role=role,
        division_code=code,
        office=office.value if office else "",
        person_id=None,
        by=BY,
        now=clock.now(),
        must_change=False,
    )
    return Account.objects.get(pk=key)


def as_actor(account: Account) -> Actor:
    """Return who acts when this account does."""
    return actor_for(account.pk)


def logged_in(account: Account, *, language: str = "zh-CN") -> Client:
    """Return a browser in which an account is logged in, its second factor shown where it must."""
    client = Client(headers={"accept-language": language})
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session[SINCE] = session[SEEN] = int(clock.now().timestamp())
    if needs_second_factor(roles_of(account.pk, at=clock.now())):
        factor, _made = SecondFactor.objects.get_or_create(user=account, name="app")
        Account.objects.filter(pk=account.pk).update(has_second_factor=True)
        session[DEVICE_ID_SESSION_KEY] = factor.persistent_id
    session.save()
    return client


def code_now(account: Account, *, steps: int = 0) -> str:
    """Return the code that the app of an account shows now, or so many half minutes later."""
    factor = SecondFactor.objects.get(user=account)
    code = TOTP(bytes.fromhex(factor.key))
    code.time = clock.now().timestamp() + 30 * steps
    return f"{code.token():06d}"
