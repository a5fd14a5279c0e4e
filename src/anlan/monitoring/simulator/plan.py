"""What a simulation does, and what it came to."""

from array import array
from dataclasses import dataclass, field
from datetime import timedelta


@dataclass(frozen=True)
class SimulatedPoint:
    """A station to play: its address, its password and its class letter."""

    address: str
    password: str = "0000"  # noqa: S105 - what a station has from the factory
    station_class: str = "P"


@dataclass(frozen=True)
class Impairments:
    """What goes wrong on the wire, each as a share of the frames sent; the delay is the longest.

    Every frame is delayed by a time drawn evenly up to `delay_s`. A reconnect closes the link and
    opens another one, right after a frame was sent.
    """

    loss: float = 0.0
    damage: float = 0.0
    duplicates: float = 0.0
    reconnects: float = 0.0
    delay_s: float = 0.0


@dataclass(frozen=True)
class Plan:
    """One simulation. `rate` is in reports a second over all stations; 0: as fast as confirmed.

    `step` lies between the observations of a station. Where reports follow each other faster
    than that, they tell of the past: the last one is of the present. A report that is not
    confirmed within `timeout_s` is sent again, at most `resends` times (mode M2).
    """

    host: str = "127.0.0.1"
    port: int = 6510
    stations: tuple[SimulatedPoint, ...] = ()
    seconds: float = 60.0
    rate: float = 0.0
    elements: int = 5
    window: int = 1
    step: timedelta = timedelta(minutes=5)
    stations_per_link: int = 1
    frames_per_link: int = 0
    timeout_s: float = 10.0
    resends: int = 2
    keep_alive_s: float = 40.0
    clock_off_s: float = 0.0
    seed: int = 651
    wire: Impairments = Impairments()


@dataclass
class Tally:
    """What a simulation came to; `latencies` in seconds from the last sending to the answer."""

    reports: int = 0
    sent: int = 0
    resent: int = 0
    confirmed: int = 0
    readings: int = 0
    unconfirmed: int = 0
    lost: int = 0
    damaged: int = 0
    doubled: int = 0
    connects: int = 0
    commands: int = 0
    pictures: int = 0
    latencies: "array[float]" = field(default_factory=lambda: array("d"))

    def percentile(self, share: float) -> float:
        """Return the latency that this share of the confirmations stayed within, NaN for none."""
        if not self.latencies:
            return float("nan")
        ordered = sorted(self.latencies)
        return ordered[min(int(share * len(ordered)), len(ordered) - 1)]

    def as_document(self) -> dict[str, float | int]:
        """Return the counts, and the latencies in milliseconds, as one JSON object."""
        counts: dict[str, float | int] = {
            name: value for name, value in vars(self).items() if isinstance(value, int)
        }
        if self.latencies:
            counts |= {
                "p50_ms": round(1000 * self.percentile(0.50), 1),
                "p99_ms": round(1000 * self.percentile(0.99), 1),
                "max_ms": round(1000 * max(self.latencies), 1),
            }
        return counts
