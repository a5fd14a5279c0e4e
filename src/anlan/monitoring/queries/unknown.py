"""Reads of the addresses that send and that nobody registered."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db.models import Count, Max, Min, Q, QuerySet

from anlan.kernel import scope
from anlan.kernel.codes import CODE_DIGITS, Level
from anlan.kernel.paging import turned
from anlan.monitoring.data import Protocol, Verdict
from anlan.monitoring.models import IgnoredAddress, SetAsideReading, Station
from anlan.registry.api import bearings

PAGE_ROWS: Final = 50
VALUES_SHOWN: Final = 6
# Their addresses begin with the county's six digits, or with 00 where a basin gave the number.
BY_COUNTY: Final = (Protocol.SL651, Protocol.SZY206)
BY_BASIN: Final = "00"
KEY_MARK: Final = " api:"  # after the division of the key by which a program has sent something


@dataclass
class UnknownAddress:
    """An address in quarantine; `values` holds its last ones: element, value, instant.

    `station_id` and `station` name a registered station in sight with the same address, which
    is switched off or speaks another protocol. `ignored` says why it is not shown usually.
    """

    address: str
    protocol: Protocol
    peer: str
    count: int
    first_at: datetime
    last_at: datetime
    values: list[tuple[str, float, datetime]] = field(default_factory=list)
    station_id: int | None = None
    station: str = ""
    ignored: str = ""

    @property
    def elements(self) -> frozenset[str]:
        """Return the codes of what it sent last."""
        return frozenset(code for code, _value, _at in self.values)


@dataclass(frozen=True)
class UnknownList:
    """A page of addresses, how many there are, and how many of the others are ignored."""

    rows: list[UnknownAddress]
    total: int
    ignored: int
    page: int
    pages: int


def unknown_addresses(*, with_ignored: bool = False, page: int = 1) -> UnknownList:
    """Return a page of the addresses that may concern the divisions in sight, latest first."""
    ignored = _ignored()
    found = _in_sight(_grouped())
    kept = [row for row in found if with_ignored or (row.address, row.protocol) not in ignored]
    place = turned(page, total=len(kept), size=PAGE_ROWS)
    rows = kept[place.first : place.first + PAGE_ROWS]
    for row in rows:
        row.ignored = ignored.get((row.address, row.protocol), "")
    _add_values(rows)
    _add_stations(rows)
    hidden = sum((row.address, row.protocol) in ignored for row in found)
    return UnknownList(rows, len(kept), hidden, place.page, place.pages)


def unknown_address(address: str, protocol: str) -> UnknownAddress | None:
    """Return one address that may concern the divisions in sight, None where there is none."""
    rows = _in_sight(_grouped(address=address, protocol=protocol))
    _add_values(rows)
    _add_stations(rows)
    return rows[0] if rows else None


def _grouped(**only: str) -> list[UnknownAddress]:
    rows = (
        _waiting()
        .filter(**only)
        .values("address", "protocol")
        .annotate(
            peer=Max("peer"), n=Count("pk"), first=Min("received_at"), last=Max("received_at")
        )
        .order_by("-last", "address")
    )
    return [
        UnknownAddress(
            address=row["address"],
            protocol=Protocol(row["protocol"]),
            peer=row["peer"],
            count=row["n"],
            first_at=row["first"],
            last_at=row["last"],
        )
        for row in rows
    ]


def _waiting() -> QuerySet[SetAsideReading]:
    """Return the values in quarantine without those that a key of a division out of sight sent."""
    found = SetAsideReading.objects.filter(verdict=Verdict.UNKNOWN_STATION)
    seen = scope.active()
    if seen.is_everywhere:
        return found
    ours = Q(pk__in=[])
    for prefix in seen.prefixes:
        ours |= Q(peer__startswith=prefix)
    return found.filter(~Q(peer__contains=KEY_MARK) | ours)


def _in_sight(rows: Sequence[UnknownAddress]) -> list[UnknownAddress]:
    """Return the rows without those whose address names a county that is out of sight."""
    seen = scope.active()
    counties = {_county_of(row) for row in rows} - {""}
    strange = {code for code in counties if not _touches(seen.prefixes, code[: Level.COUNTY])}
    with scope.everywhere("an address in quarantine may name a county of somebody else"):
        elsewhere = set(bearings(strange)) if strange else set()
    return [row for row in rows if _county_of(row) not in elsewhere]


def _county_of(row: UnknownAddress) -> str:
    """Return the code of the county that an address names, nothing where it names none."""
    digits = row.address[: Level.COUNTY]
    if row.protocol not in BY_COUNTY or not digits.isdigit() or digits.startswith(BY_BASIN):
        return ""
    return digits.ljust(CODE_DIGITS, "0")


def _touches(prefixes: Iterable[str], county: str) -> bool:
    return any(each.startswith(county) or county.startswith(each) for each in prefixes)


def _ignored() -> Mapping[tuple[str, str], str]:
    rows = IgnoredAddress.objects.values_list("address", "protocol", "reason")
    return {(address, protocol): reason for address, protocol, reason in rows}


def _add_values(rows: Sequence[UnknownAddress]) -> None:
    """Add the last value of each element, the latest few."""
    latest: dict[tuple[str, str], dict[str, tuple[float, datetime]]] = defaultdict(dict)
    found = (
        _waiting().filter(address__in=[row.address for row in rows]).order_by("observed_at", "pk")
    )
    for address, protocol, element, value, at in found.values_list(
        "address", "protocol", "element", "value", "observed_at"
    ).iterator(2_000):
        latest[address, protocol][element] = (value, at)
    for row in rows:
        values = [(name, *last) for name, last in latest[row.address, row.protocol].items()]
        row.values = sorted(values, key=lambda each: each[2], reverse=True)[:VALUES_SHOWN]


def _add_stations(rows: Sequence[UnknownAddress]) -> None:
    found = Station.objects.filter(address__in=[row.address for row in rows])
    known = {
        address: (pk, name) for address, pk, name in found.values_list("address", "pk", "name")
    }
    for row in rows:
        row.station_id, row.station = known.get(row.address, (None, ""))
