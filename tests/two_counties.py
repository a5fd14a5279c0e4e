"""Two counties beside each other, each row marked with where it belongs, for the leak test.

Each county has two towns, each town two villages, and one a third town that no warning stands over.
Every model has a row at each of these places, filled by itself from the model's own fields: a new
model is in the world at once. A row's texts begin with a sign that says who may read them, then
its place: “标990701101201”.
"""

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.db import models
from django.db.models.fields import NOT_PROVIDED

from anlan.kernel import clock
from anlan.kernel.encryption import EncryptedTextField, index_of
from anlan.kernel.sheets.personal import check_sign
from anlan.registry.data import DivisionKind, DutyKind, PlaceKind, Role
from anlan.registry.permissions import FOR_PROGRAMS
from tests.two_counties_monitored import MONITORED
from tests.two_counties_warned import OF_WARNINGS

COUNTY, OTHER_COUNTY = "990701000000", "990702000000"
TOWN, OTHER_TOWN, FAR_TOWN = "990701101000", "990701102000", "990702101000"
VILLAGE, NEIGHBOUR = "990701101201", "990701101202"
OTHER_VILLAGE, FAR_VILLAGE = "990701102201", "990702101201"
COUNTIES = (COUNTY, OTHER_COUNTY)
WARNED_TOWNS = tuple(f"{county[:6]}{town}000" for county in COUNTIES for town in (101, 102))
QUIET_TOWN, QUIET, QUIET_TOO = "990701103000", "990701103201", "990701103202"  # may be redrawn
TOWNS = (*WARNED_TOWNS, QUIET_TOWN)
WARNED = tuple(f"{town[:9]}{village}" for town in WARNED_TOWNS for village in (201, 202))
VILLAGES = (*WARNED, QUIET, QUIET_TOO)
PLACES = (*COUNTIES, *TOWNS, *VILLAGES)
PASSWORD = "Rain-all-evening-24"

# Who may read a text that begins so: see `Visitor.may_read` in tests/leaks.py.
PLAIN, SHARED, HOUSE, ACCOUNT, SHEET, KEY = "标联户账表钥"
SIGNS = {
    "registry.Division": SHARED,
    "registry.Household": HOUSE,
    "relief.HouseholdMove": HOUSE,
    "registry.Account": ACCOUNT,
    "registry.SheetImport": SHEET,
    "registry.ImportedChunk": SHEET,
    "monitoring.HandSheet": SHEET,
    "registry.ApiToken": KEY,
    "warning.HazardWarning": SHARED,
    "warning.WarningVerdict": SHARED,
    "warning.WarningText": SHARED,
    "monitoring.DeviceModel": SHARED,
    "warning.WarningSource": SHARED,
    "warning.UpperWarning": SHARED,
    "command.Incident": SHARED,
    "command.Activation": SHARED,
    "plans.Plan": SHARED,
}
# What belongs to no place, or holds nothing that a page could show.
UNMADE = {
    "kernel.JournalEntry": "written by tests/two_counties_past.py",
    "kernel.JournalSeal": "digests alone",
    "kernel.Heartbeat": "of the house",
    "kernel.TableRevision": "counts alone",
    "registry.SheetImport": "made by its own actions",
    "monitoring.HandSheet": "made by its own actions",
    "monitoring.MacroReport": "made in tests/leak_by_hand.py",
    "registry.ImportedChunk": "made by its own actions",
    "warning.AnswerLimit": "of the house",
    "monitoring.ArchivedMonth": "of the house",
    "monitoring.EvaluationCursor": "of the house",
    "monitoring.DerivedDay": "of the house",
    "monitoring.OtherElement": "codes alone",
    "assessment.IncidentReport": "computed for an incident that goes on",
}
# What stands only at places of these levels; rows below refer to the one above them.
ONLY_AT: dict[str, Sequence[str]] = {
    "command.Incident": COUNTIES,
    "command.Activation": COUNTIES,
    "warning.HazardWarning": WARNED_TOWNS,
    "command.IncidentWarning": WARNED_TOWNS,
    "warning.WarningArea": WARNED,
    "warning.Answer": WARNED,
    "warning.WarningVerdict": WARNED_TOWNS,
    "warning.CommunicationTest": WARNED,
    "warning.TestCall": WARNED,
    "warning.Summons": WARNED,
    "warning.WarningSource": COUNTIES,
    "warning.FeedEntry": COUNTIES,
    "warning.UpperWarning": COUNTIES,
    "warning.UpperReference": COUNTIES,
    "warning.Delivery": WARNED,
    "warning.ChannelProvider": COUNTIES,
    "warning.HeardOnce": COUNTIES,
    "warning.Loudspeaker": WARNED,
    "relief.HouseholdMove": WARNED,
    "relief.ShelterStay": WARNED,
    "supplies.StockItem": COUNTIES[:1],
    "monitoring.DeviceModel": COUNTIES[:1],
    "registry.RegisterLimit": COUNTIES,
    "registry.ForestStand": (*COUNTIES, *WARNED_TOWNS, *WARNED),
}
KEEPER_OF = dict.fromkeys(COUNTIES, Role.ADMINISTRATOR)
PLAUSIBLE = {"lon": 107.0, "lat": 33.0, "year": 2020}
NUMBERED = {"duty_phone", "emergency_phone"}


@dataclass(frozen=True)
class Personal:
    """A number of a person: of which record, and where."""

    code: str
    subject: str


@dataclass
class TwoCounties:
    """What there is: rows by place and model, and what each uuid and number belongs to."""

    rows: dict[str, dict[str, list[Any]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    uuids: dict[str, tuple[str, str]] = field(default_factory=dict)
    numbers: dict[str, Personal] = field(default_factory=dict)
    landlines: dict[str, str] = field(default_factory=dict)
    sheets: dict[int, list[str]] = field(default_factory=dict)
    hand_sheets: dict[int, list[str]] = field(default_factory=dict)
    count: int = 0

    def one(self, label: str, code: str) -> Any:
        """Return the first row of a model at a place, or at the nearest place above or below it."""
        for near in (code, code[:9] + "000", code[:6] + "000000"):
            if found := self.rows[near].get(label):
                return found[0]
        below = (c for c in PLACES if c.startswith(code.rstrip("0")) and self.rows[c].get(label))
        return self.rows[next(below, PLACES[0])][label][0]

    def number(self) -> int:
        """Return the next number of a row of digits that nobody else has."""
        self.count += 1
        return self.count

    def keep(self, row: models.Model, code: str) -> None:
        """Remember a row, and what it can be known by."""
        label = row._meta.label
        self.rows[code][label].append(row)
        if hasattr(row, "uuid"):
            self.uuids[str(row.uuid)] = (SIGNS.get(label, PLAIN), code)
        subject = str(getattr(row, "uuid", ""))
        for name in ("phone", "second_phone", "id_number", "number"):
            value = getattr(row, name, "")
            if value and (name in getattr(row, "personal_data", ())):
                self.numbers[value] = Personal(code=code, subject=subject)


def mark(code: str, *, sign: str = PLAIN) -> str:
    """Return the text by which a row of a place is known."""
    return f"{sign}{code}"


def in_order() -> Iterator[type[models.Model]]:
    """Give our models, each after those that it refers to."""
    left = {m for m in apps.get_models() if m.__module__.startswith("anlan.")}
    left = {m for m in left if m._meta.label not in UNMADE}
    while left:
        ready = {m for m in left if not (referred(m) & left) - {m}}
        assert ready, f"models refer to each other in a circle: {left}"
        yield from sorted(ready, key=lambda m: m._meta.label)
        left -= ready


def referred(model: type[models.Model]) -> set[Any]:
    """Return the models that a model refers to."""
    return {f.related_model for f in model._meta.concrete_fields if f.is_relation}


def add(world: TwoCounties, model: type[models.Model], code: str, /, **given: Any) -> Any:
    """Add a row of a model at a place, its fields filled by what they are."""
    values = dict(given)
    label = model._meta.label
    if any(f.name == "place" and f.primary_key for f in model._meta.concrete_fields):
        place = apps.get_model("registry.Place")
        kind = PlaceKind[kind_name(model.__name__)]
        values["place"] = add(world, place, code, kind=kind)
    for each in model._meta.concrete_fields:
        if each.name not in values and each.attname not in values:
            values |= filled(world, each, code, label=label)
    for name, source in (("phone_index", "phone"), ("id_index", "id_number")):
        if name in {f.name for f in model._meta.concrete_fields}:
            values[name] = index_of(values.get(source, ""))
    row = model._base_manager.create(**values)
    world.keep(row, code)
    return row


def kind_name(name: str) -> str:
    """Return the word of a kind of place for the name of its model: RiverSection, RIVER_SECTION."""
    return "".join(f"_{c}" if c.isupper() and n else c for n, c in enumerate(name)).upper()


def filled(world: TwoCounties, each: Any, code: str, *, label: str) -> dict[str, Any]:
    """Return what a field holds in a row of a place; nothing where the model knows it itself."""
    if each.is_relation:
        return related(world, each, code)
    if isinstance(each, models.UUIDField):
        return {each.name: uuid.uuid4()}
    if isinstance(each, models.CharField | models.TextField):
        return {each.name: text(world, each, code, label=label)}
    if each.null or each.primary_key or each.default is not NOT_PROVIDED:
        return {}
    if each.name in PLAUSIBLE:
        return {each.name: PLAUSIBLE[each.name]}
    for known, value in (
        (models.BooleanField, False),
        (models.DateTimeField, clock.now()),
        (models.DateField, date(2020, 1, 1)),
        (models.BinaryField, b""),
        (models.DecimalField, 1),
        (models.FloatField, 1.0),
        (models.IntegerField, 1),
        (models.JSONField, []),
    ):
        if isinstance(each, known):
            return {each.name: value}
    return {}


def related(world: TwoCounties, each: Any, code: str) -> dict[str, Any]:
    """Return what a reference leads to: the row of the same place, or of the one above."""
    to = each.related_model._meta.label
    if to == each.model._meta.label and each.null:
        return {}
    if to == "registry.Division":
        return {each.name: world.one(to, code)}
    if each.null and not world.rows[code].get(to):
        return {}
    return {each.name: world.one(to, code)}


def text(world: TwoCounties, each: Any, code: str, *, label: str) -> str:
    """Return the text of a field: a number that nobody else has, a choice, or the mark."""
    if each.choices:
        return str(each.choices[0][0])
    found = number_text(world, each, code, label=label)
    if found is not None:
        return found
    if each.default is not NOT_PROVIDED and isinstance(each, EncryptedTextField):
        return str(each.get_default())
    if (each.max_length or 100) < 13:
        return ""
    return mark(code, sign=SIGNS.get(label, PLAIN))


def number_text(world: TwoCounties, each: Any, code: str, *, label: str) -> str | None:
    """Return the text of a field that holds a number, which nobody else has; None for others."""
    if each.name == "credit_code":
        return ""
    if each.name == "id_number":
        return identity(world.number())
    if isinstance(each, EncryptedTextField) and "phone" in each.name:
        return f"139{world.number():08d}"
    if each.name in NUMBERED or each.name == "phone":
        found = f"0990-7{world.number():06d}"
        world.landlines[found] = code
        return found
    if each.name == "number" and label == "registry.Certificate":
        return f"ZS{world.number():012d}"
    if each.name == "code":
        return f"{code}-{world.number()}"[: each.max_length]
    if each.name.endswith(("_code", "_index", "digest", "username", "hint")):
        return f"{world.number():08d}"[: each.max_length]
    return None


def identity(number: int) -> str:
    """Return a citizen's number whose last sign is right."""
    first = f"9907011980010{number:04d}"
    return first + check_sign(first)


# What a model's own fields do not say.


def division(world: TwoCounties, code: str) -> list[dict[str, Any]]:
    """Return the row of the tree."""
    kind = {0: DivisionKind.COUNTY, 1: DivisionKind.TOWN, 2: DivisionKind.VILLAGE}
    depth = 0 if code in COUNTIES else 1 if code in TOWNS else 2
    above = None if depth == 0 else code[:6] + "000000" if depth == 1 else code[:9] + "000"
    west = 107.0 + PLACES.index(code) / 100
    ring = [[west, 33.0], [west + 0.01, 33.0], [west + 0.01, 33.01], [west, 33.01]]
    return [
        {
            "code": code,
            "parent_id": above,
            "kind": kind[depth],
            "name": mark(code, sign=SHARED),
            "lon": west,
            "lat": 33.0,
            "boundary": ring,
        }
    ]


def accounts(world: TwoCounties, code: str) -> list[dict[str, Any]]:
    """Return the account of a place, as its administrators see it."""
    name = mark(code, sign=ACCOUNT)
    return [{"username": name, "password": make_password(PASSWORD), "email": ""}]


def authorities(world: TwoCounties, code: str) -> list[dict[str, Any]]:
    """Return what the account of a place may do there, and a delegation of it."""
    role = KEEPER_OF.get(code, Role.TOWN_OFFICER)
    end = clock.now() + timedelta(days=20)
    own = {"role": role, "valid_from": clock.now() - timedelta(days=99), "valid_until": None}
    lent = own | {"role": Role.READER, "valid_until": end}
    return [
        own | {"delegated_by": None, "office": ""},
        lent | {"delegated_by": world.one("registry.Account", code), "office": ""},
    ]


def duties(world: TwoCounties, code: str) -> list[dict[str, Any]]:
    """Return duties over the place, a point and a household, and one held from further up."""
    here = world.rows[code]
    plain = {"place": None, "household": None, "valid_from": date(2020, 1, 1), "rank": 1}
    point = here["registry.HazardPoint"][0].place
    upper = world.one("registry.Person", code[:6] + "000000")
    return [
        plain | {"kind": DutyKind.HOUSEHOLD_CARER, "household": here["registry.Household"][0]},
        plain | {"kind": DutyKind.VILLAGE_LEADER},
        plain | {"kind": DutyKind.TOWN_LEADER},
        plain | {"kind": DutyKind.COUNTY_DUTY},
        plain | {"kind": DutyKind.POINT_MONITOR, "place": point},
        plain | {"kind": DutyKind.VILLAGE_GUARANTOR, "person": upper, "rank": 2},
    ]


def people(world: TwoCounties, code: str) -> list[dict[str, Any]]:
    """Return two people; the first at a county answers for its villages, so these know the name."""
    sign = SHARED if code in COUNTIES else PLAIN
    return [{"name": mark(code, sign=sign)}, {"name": mark(code) + "乙"}]


def tokens(world: TwoCounties, code: str) -> list[dict[str, Any]]:
    """Return the key of a place."""
    end = clock.now() + timedelta(days=90)
    return [{"permissions": sorted(each.value for each in FOR_PROGRAMS), "expires_at": end}]


def links(world: TwoCounties, code: str) -> list[dict[str, Any]]:
    """Return a road between two crossings."""
    return [{"start": n[0], "end": n[1]} for n in [world.rows[code]["registry.RoadNode"]]]


def stores(world: TwoCounties, code: str) -> list[dict[str, Any]]:
    """Return a store on the map, and where its stock goes."""
    place = add(world, apps.get_model("registry.Place"), code, kind=PlaceKind.STORE)
    return [
        {"kind": "store", "tier": "town", "store_kind": "flood", "place": place},
        {"kind": "consumer", "tier": "", "store_kind": "", "place": None},
    ]


def moves(world: TwoCounties, code: str) -> list[dict[str, Any]]:
    """Return a delivery from the store."""
    store, consumer = world.rows[code]["supplies.StockLocation"]
    return [{"source": store, "target": consumer}]


Said = Callable[[TwoCounties, str], list[dict[str, Any]]]
SAID: dict[str, Said] = {
    "registry.Division": division,
    "registry.Person": people,
    "registry.Place": lambda world, code: [],  # each kind of place adds its own
    "registry.Account": accounts,
    "registry.Authority": authorities,
    "registry.ApiToken": tokens,
    "registry.Duty": duties,
    "registry.RiverSection": lambda world, code: [{"guaranteed_level_m": 2.0}],
    "registry.RoadNode": lambda world, code: [{}, {}],
    "registry.RoadLink": links,
    **MONITORED,
    **OF_WARNINGS,
    "supplies.StockLocation": stores,
    "supplies.StockMove": moves,
    "command.ResponseTask": lambda world, code: [
        {"activation": world.one("command.Activation", code), "summons": None}
    ],
    "relief.HouseholdMove": lambda world, code: [{"shelter": None}],
    "command.Incident": lambda world, code: [{"opened_at": clock.now() - timedelta(minutes=9)}],
}
