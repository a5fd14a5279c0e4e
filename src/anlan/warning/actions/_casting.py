"""Broadcasts on their way out: to which device of which provider, with which CAP message."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from anlan.warning.actions._claiming import Waiting
from anlan.warning.core.broadcasts import broadcast_of
from anlan.warning.data import Purpose
from anlan.warning.queries.broadcasts import cap_of
from anlan.warning.queries.loudspeakers import devices_of


@dataclass(frozen=True)
class Casts:
    """The loudspeakers that broadcasts are for; a CAP message is written once for all of them."""

    devices: Mapping[int, tuple[str, int]]
    _caps: dict[tuple[str, bool], bytes] = field(default_factory=dict)

    def provider_of(self, row: Waiting) -> int | None:
        """Return the provider that alone may carry a message, None where any may."""
        if row.purpose != Purpose.BROADCAST:
            return None
        return self.devices.get(broadcast_of(row.reference).loudspeaker, ("", 0))[1]

    def device_of(self, row: Waiting) -> str:
        """Return the device that a broadcast is for, empty where it has ended."""
        return self.devices.get(broadcast_of(row.reference).loudspeaker, ("", 0))[0]

    def cap_of(self, row: Waiting) -> bytes:
        """Return the CAP message of a broadcast, nothing where there is none."""
        over = broadcast_of(row.reference).over
        uuid = over or str(row.warning_uuid or "")
        if uuid and (uuid, bool(over)) not in self._caps:
            self._caps[uuid, bool(over)] = cap_of(uuid, is_end=bool(over))
        return self._caps.get((uuid, bool(over)), b"")


def casts_of(rows: Sequence[Waiting]) -> Casts:
    """Return the loudspeakers that these messages are for; asked of the database where any is."""
    keys = {
        broadcast_of(row.reference).loudspeaker for row in rows if row.purpose == Purpose.BROADCAST
    }
    return Casts(devices_of(keys) if keys else {})
