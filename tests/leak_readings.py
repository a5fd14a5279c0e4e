"""What the leak test knows of readings: device models, and what programs send and read."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from anlan.kernel import clock
from anlan.monitoring.data import Protocol, StationKind
from anlan.monitoring.elements import RAIN
from anlan.monitoring.gateways.mqtt.examples import EXAMPLES
from anlan.monitoring.models import LatestReading, Reading, Station
from anlan.monitoring.queries.device_models import state_of
from anlan.registry.data import Permission
from tests.two_counties import PLACES, TwoCounties, add

ABOUT: Mapping[str, tuple[str, str]] = {"device_model": ("monitoring.DeviceModel", "pk")}
WRITES: Mapping[str, str] = {
    "new_device_model": Permission.KEEP_STATIONS,
    "device_model": Permission.KEEP_STATIONS,
}
# Tables whose rows belong to no place: what must be held somewhere to change them.
OF_NO_PLACE: Mapping[str, Permission] = dict.fromkeys(
    (
        "monitoring_devicemodel",
        "monitoring_ignoredaddress",
        "monitoring_setasidereading",
        "monitoring_evaluationcursor",
    ),
    Permission.KEEP_STATIONS,
)

# Endpoints about readings: their arguments, and whether they take POST.
ENDPOINTS: Mapping[str, tuple[tuple[str, ...], bool]] = {
    "api:Things": ((), False),
    "api:Things/one": (("thing",), False),
    "api:Things/Datastreams": (("thing",), False),
    "api:Datastreams": ((), False),
    "api:Datastreams/one": (("datastream",), False),
    "api:Datastreams/Observations": (("datastream",), True),
    "api:Observations": ((), True),
    "api:Observations/one": (("observation",), False),
    "api:CreateObservations": ((), True),
}
EARLIER = timedelta(days=2)  # before what stands there already, so that a plain INSERT is seen


def sending(code: str) -> str:
    """Return the address of the station of a place that sends by HTTP."""
    return f"H{code}"


def arguments_of(name: str, code: str) -> dict[str, str]:
    """Return what an endpoint is asked about, for a place."""
    series = f"{sending(code)}:PN05"
    micros = int(clock.now().timestamp()) * 1_000_000
    known = {
        "thing": sending(code),
        "datastream": series,
        "observation": f"{series}:{micros}",
    }
    return {each: known[each] for each in ENDPOINTS[name][0]}


def queries_of(name: str, code: str) -> Iterator[dict[str, str]]:
    """Give what an endpoint is asked with: plainly, and reaching for a place."""
    yield {"$count": "true", "$top": "1000"} if "/one" not in name else {}
    if name == "api:Observations":
        day = f"{clock.now() - timedelta(hours=23):%Y-%m-%dT%H:%M:%S%z}"
        yield {
            "$filter": f"phenomenonTime ge {day} and phenomenonTime le {clock.now().isoformat()}"
        }
        yield {"$filter": f"Datastream/id eq '{sending(code)}:PN05'", "$count": "true"}
        yield {"$filter": f"Datastream/Thing/id eq '{sending(code)}'", "$count": "true"}


def bodies_of(name: str, code: str) -> Iterator[Any]:
    """Give what an endpoint takes: a reading for the station of a place."""
    at = (clock.now() - EARLIER).isoformat()
    stream = {"Datastream": {"@iot.id": f"{sending(code)}:PN05"}}
    if name == "api:CreateObservations":
        yield [{**stream, "components": ["phenomenonTime", "result"], "dataArray": [[at, 1.5]]}]
        return
    one = {"phenomenonTime": at, "result": 1.5, **stream}
    yield one
    yield [one, {**one, "result": 2.5}]


def of_device(world: TwoCounties, code: str) -> dict[str, Any]:
    """Return the form of a device model, as it would be added or changed."""
    row = world.one("monitoring.DeviceModel", code)
    rows = EXAMPLES[0].mapping["values"]
    return {
        "step": "keep",
        "seen": state_of(row),
        "name": "新型号",
        "topic": "a/+/b",
        "address_way": "topic",
        "address_part": "2",
        "path": [each["path"] for each in rows],
        "element": [each["element"] for each in rows],
        "scale": ["" for _each in rows],
        "offset": ["" for _each in rows],
    }


def build_readings(world: TwoCounties) -> None:
    """Add a station at each place that sends by HTTP, with a reading."""
    at = clock.now()
    for code in PLACES:
        told = {"address": sending(code), "protocol": Protocol.HTTP, "kind": StationKind.RAIN}
        station = add(world, Station, code, **told, device_model=None)
        for model in (Reading, LatestReading):
            model.objects.create(station=station, element=RAIN, observed_at=at, value=1.5)
