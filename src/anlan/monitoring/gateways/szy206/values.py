"""Give the plain values that a decoded frame is made of."""

from datetime import datetime
from typing import NamedTuple

from anlan.monitoring.gateways.sl651.codes import BEIJING

from .codes import ALARMS, WORK_MODE_BITS


class Label(NamedTuple):
    """When a report was measured, in Beijing time; `month` and `year` only in the long form.

    `delay` is how many minutes the frame may take; 0 for any time.
    """

    second: int
    minute: int
    hour: int
    day: int
    month: int | None = None
    year: int | None = None
    delay: int = 0

    @property
    def is_long(self) -> bool:
        """Tell whether the label has the form of SL/T 427, with month and year."""
        return self.year is not None

    @property
    def is_of_calendar(self) -> bool:
        """Tell whether there is such a time; a short label is in a month of 31 days."""
        try:
            self._in(self.year or 2000, 1 if self.month is None else self.month)
        except ValueError:
            return False
        return True

    def moment(self, *, received_at: datetime) -> datetime:
        """Return the time of the label.

        A short label is the latest such time that is at most a day ahead of the receiving clock.
        Raises ValueError where no month of the last half year has that day.
        """
        if self.month is not None and self.year is not None:
            return self._in(self.year, self.month)
        latest = received_at.astimezone(BEIJING).timestamp() + 86_400
        local = datetime.fromtimestamp(latest, tz=BEIJING)
        months = local.year * 12 + local.month - 1
        for count in range(months, months - 6, -1):
            try:
                moment = self._in(count // 12, count % 12 + 1)
            except ValueError:
                continue
            if moment.timestamp() <= latest:
                return moment
        raise ValueError("no month of the last half year has this day")

    def _in(self, year: int, month: int) -> datetime:
        return datetime(year, month, self.day, self.hour, self.minute, self.second, tzinfo=BEIJING)


class Number(NamedTuple):
    """One value of a report; None where the station did not measure."""

    element: str
    value: float | None
    unit: str


class UpFrame(NamedTuple):
    """A frame from a station to its centre.

    `counter` are the two FCB bits, `kind` the low bits of the control byte. `link` is F0, F1 or
    F2 of a link test; the other fields after it are None or empty there. `period` is the period
    byte of a statistical rain.
    """

    station: str
    counter: int
    kind: int
    function: int
    link: int | None
    period: int | None
    numbers: tuple[Number, ...]
    alarm: int | None
    state: int | None
    label: Label | None
    data: bytes

    @property
    def work_mode(self) -> int:
        """Return the mode the station says it works in: 0 both, 1 report, 2 query, 3 repair."""
        return (self.state or 0) & WORK_MODE_BITS

    @property
    def alarms(self) -> tuple[str, ...]:
        """Return the alarms that stand, by name."""
        word = self.alarm or 0
        return tuple(name for bit, name in enumerate(ALARMS) if word >> bit & 1)


class DownFrame(NamedTuple):
    """A frame from the centre to a station; `data` as sent, with password and label if any."""

    station: str
    counter: int
    kind: int
    function: int
    data: bytes


Frame = UpFrame | DownFrame
