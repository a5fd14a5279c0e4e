"""What became of commands."""

from typing import Any

from anlan.monitoring.data import CommandState, StationOutOfSight
from anlan.monitoring.models import Station, StationCommand


def station_with(address: str) -> int:
    """Return the key of the station with an address; raise StationOutOfSight where none is seen."""
    found = Station.objects.filter(address=address.upper()).values_list("pk", flat=True).first()
    if found is None:
        raise StationOutOfSight(address)
    return int(found)


def command_state(command_id: int) -> tuple[CommandState, dict[str, Any]]:
    """Return where a command stands, and its answer in words."""
    row = StationCommand.objects.get(pk=command_id)
    return CommandState(row.state), dict(row.answer)


def stations_asked() -> frozenset[str]:
    """Return the addresses of the stations for which commands wait."""
    waiting = StationCommand.objects.filter(state=CommandState.WAITING)
    return frozenset(waiting.values_list("station__address", flat=True))
