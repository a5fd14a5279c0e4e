"""Five-minute rain from what a station counts: running totals and hourly sums."""

from anlan.monitoring.core.columns import NO_MOMENT
from anlan.monitoring.data import RainFrom

LARGEST_GAP_US = 6 * 3600 * 1_000_000


def increment(
    rain_from: RainFrom, *, micros: int, value: float, last_micros: int, last_value: float
) -> float | None:
    """Return the rain in mm that a reading adds, or None where that cannot be told.

    A running total that is lower than before began anew: what it shows fell since. Across more
    than six hours of silence nothing is told, for the rain would all seem to fall at once.
    """
    if rain_from is RainFrom.P1:
        return value
    if last_micros == NO_MOMENT or not 0 < micros - last_micros <= LARGEST_GAP_US:
        return None
    return round(value - last_value, 3) if value >= last_value else value
