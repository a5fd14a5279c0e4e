"""Gauges and stations that people look at by eye, and who looks: for the tests of both."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from anlan.kernel import clock
from anlan.kernel.actors import Actor
from anlan.monitoring.data import Protocol, StaffLevel, StationKind
from anlan.monitoring.elements import LEVEL
from anlan.monitoring.models import Reading, Station, StationCover
from anlan.registry.data import Colour, DutyKind, Hazard, PlaceKind, Role
from anlan.registry.models import Account, MacroStation, Person
from tests.cast import BANK, COUNTY, FORD, SLOPE, Cast, duty, limit, place
from tests.entrance import OTHER_TOWN, as_actor, open_accounts, opened

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class ByHand:
    """Who and what there is: gauges and macro stations by short names, accounts by theirs."""

    cast: Cast
    gauges: dict[str, Station]
    macros: dict[str, int]
    accounts: dict[str, Account]

    def actor(self, name: str) -> Actor:
        """Return who acts when an account does."""
        return as_actor(self.accounts[name])

    def level(
        self,
        level_m: float,
        *,
        ago: timedelta = timedelta(0),
        gauge: str = "bank",
        is_confirmed: bool = False,
    ) -> StaffLevel:
        """Return a level at a gauge, read so long ago."""
        return StaffLevel(self.gauges[gauge].pk, level_m, clock.now() - ago, is_confirmed)


def make_by_hand(cast: Cast) -> ByHand:
    """Write two gauges read by eye, three macro stations in two counties, and the accounts."""
    accounts = open_accounts()
    accounts["bank"] = opened("bank", Role.VILLAGE_CADRE, BANK)
    accounts["reader"] = opened("reader", Role.READER, COUNTY)
    for name in ("upper", "bank"):
        Account.objects.filter(pk=accounts[name].pk).update(
            person=Person.objects.get(name=f"{name} leader")
        )
    gauges = {
        "bank": gauge("bank", "S-0001", name="河边水尺", at=BANK),
        "ford": gauge("ford", "S-0002", name="渡口水尺", at=FORD),
        "far": gauge("far", "S-9001", name="邻县水尺", at=OTHER_TOWN),
    }
    for colour, value in ((Colour.YELLOW, 102.0), (Colour.RED, 104.0)):
        limit(
            Hazard.RIVER_FLOOD,
            element="Z",
            window_h=0,
            colour=colour,
            value=value,
            station=gauges["bank"],
        )
    macros = {
        name: macro_station(cast, name, at=code)
        for name, code in (("slope", SLOPE), ("ford", FORD), ("far", OTHER_TOWN))
    }
    duty(cast.people["slope leader"], DutyKind.MACRO_OBSERVER, at=SLOPE, place_id=macros["slope"])
    return ByHand(cast=cast, gauges=gauges, macros=macros, accounts=accounts)


def gauge(short: str, code: str, *, name: str, at: str) -> Station:
    """Add a staff gauge that is read by eye."""
    row: Station = Station.objects.create(
        address=code,
        protocol=Protocol.HAND,
        division_id=at,
        kind=StationKind.RIVER,
        name=name,
        lon=107.0,
        lat=33.0,
        interval_min=720,
    )
    StationCover.objects.create(station=row, division_id=at, hazard=Hazard.RIVER_FLOOD)
    return row


def macro_station(cast: Cast, short: str, *, at: str) -> int:
    """Add a macro-observation station."""
    key = place(cast, f"{short}宏观点", kind=PlaceKind.MACRO_STATION, at=at)
    MacroStation.objects.create(place_id=key, observes="井水、家禽")
    return key


def stored(station: Station) -> list[tuple[datetime, float, int]]:
    """Return the levels stored at a gauge, oldest first, with their quality."""
    rows = Reading.objects.filter(station_id=station.pk, element=LEVEL).order_by("observed_at")
    return list(rows.values_list("observed_at", "value", "quality"))
