"""Gather elements under the station and time that they belong to."""

from datetime import datetime

from .values import Element, Observation


class Gathering:
    """Collect observations while a reader walks over a body."""

    __slots__ = ("elements", "observations", "observed_at", "station", "station_class", "step")

    def __init__(self, station: str) -> None:
        self.station = station
        self.station_class: str | None = None
        self.observed_at: datetime | None = None
        self.step: str | None = None
        self.elements: list[Element] = []
        self.observations: list[Observation] = []

    def open_station(self, station: str, *, station_class: str) -> None:
        """Begin the elements of a station, whose time is still to come."""
        self.close_group()
        self.observed_at = None
        self.station = station
        self.station_class = station_class

    def open_time(self, observed_at: datetime) -> None:
        """Begin the elements of a time."""
        self.close_group()
        self.observed_at = observed_at

    def close_group(self) -> None:
        """Keep the elements read so far under their station and time."""
        if self.elements or self.observed_at is not None:
            self.observations.append(
                Observation(
                    self.station,
                    self.station_class,
                    self.observed_at,
                    self.step,
                    tuple(self.elements),
                )
            )
            self.elements = []
