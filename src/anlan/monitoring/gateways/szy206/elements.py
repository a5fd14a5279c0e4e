"""Say which element each value of SZY 206 is, with its unit, size and sign.

The one table of the mapping. A name of SL 651 stands only where the meaning is exactly the same;
names that begin with SZY- are this protocol's own:

* SZY-RAIN, mm: what a rain gauge shows; devices send a sum since some start of their own.
* SZY-RAIN-15M, -5H, -1D, mm: rain of a period that SL 651 has no name for. Its daily rain (PD)
  ends at 8 o'clock, which nothing says of a day here.
* SZY-RAIN-TEST, mm: rain that somebody poured in.
* SZY-FLOW, unit of the frame or "" where it has none, and SZY-VOLUME, m3: a water meter.
* SZY-POWER, kW. SZY-WDIR: wind direction from 0 to 8, not the code of SL 651. SZY-SOIL, %:
  moisture at an unnamed depth. SZY-EVAP, mm.

The second and later instruments of one kind have a number behind a dot: Z, Z.2, Z.3; those of
water pressure are WP1, WP2 as in SL 651.
"""

from typing import Final, Literal, NamedTuple

from .codes import (
    AIR_PRESSURE,
    EVAPORATION,
    FLOW,
    GATE,
    LEVEL,
    POWER,
    RAIN,
    SOIL,
    VELOCITY,
    WATER_PRESSURE,
    WATER_TEMPERATURE,
)

# What the highest half-byte of a value is: one more digit, a sign (0 or F), always 0, or sign
# and digit of a volume.
Top = Literal["digit", "sign", "zero", "volume"]


class Layout(NamedTuple):
    """How one value is written: packed decimal digits, low byte first."""

    element: str
    unit: str
    size: int
    decimals: int
    top: Top


FLOW_LAYOUT: Final = Layout("SZY-FLOW", "", 5, 3, "sign")
VOLUME_LAYOUT: Final = Layout("SZY-VOLUME", "m3", 5, 0, "volume")
# SL/T 427 has no sign and no tenth digit there.
LONG_VOLUME_LAYOUT: Final = VOLUME_LAYOUT._replace(top="zero")
RAIN_LAYOUT: Final = Layout("SZY-RAIN", "mm", 3, 1, "digit")
WIND_SPEED_LAYOUT: Final = Layout("US", "m/s", 3, 2, "zero")
WIND_DIRECTION: Final = "SZY-WDIR"

# Values of one instrument, by kind; how many instruments there are follows from the length.
LAYOUTS: Final[dict[int, tuple[Layout, ...]]] = {
    RAIN: (RAIN_LAYOUT,),
    LEVEL: (Layout("Z", "m", 4, 3, "sign"),),
    FLOW: (FLOW_LAYOUT, VOLUME_LAYOUT),
    VELOCITY: (Layout("VJ", "m/s", 3, 3, "sign"),),
    GATE: (Layout("GH", "m", 3, 2, "zero"),),
    POWER: (Layout("SZY-POWER", "kW", 3, 0, "digit"),),
    AIR_PRESSURE: (Layout("FL", "hPa", 3, 0, "zero"),),
    WATER_TEMPERATURE: (Layout("C", "C", 2, 1, "zero"),),
    SOIL: (Layout("SZY-SOIL", "%", 2, 1, "zero"),),
    EVAPORATION: (Layout("SZY-EVAP", "mm", 3, 1, "zero"),),
    WATER_PRESSURE: (Layout("WP", "kPa", 4, 2, "digit"),),
}
# Kinds of which a station has one instrument.
SINGLE_KINDS: Final = frozenset((RAIN, AIR_PRESSURE))

_RAIN_NAMES: Final = {
    (0, 1): "PN05",
    (0, 2): "PN10",
    (0, 6): "PN30",
    (0, 12): "P1",
    (0, 24): "P2",
    (0, 36): "P3",
    (1, 1): "P1",
    (1, 2): "P2",
    (1, 3): "P3",
    (1, 6): "P6",
    (1, 12): "P12",
}
_TEST: Final = 3


def rain_of_period(period: int) -> str | None:
    """Return the element of a statistical rain by its period byte; None where it is no period.

    The two high bits say five minutes, hours, days or test; the others how many.
    """
    scale, count = period >> 6, period & 0x3F
    if scale == _TEST:
        return "SZY-RAIN-TEST"
    if not count:
        return None
    own = f"SZY-RAIN-{count * 5 if scale == 0 else count}{'MHD'[scale]}"
    return _RAIN_NAMES.get((scale, count), own)


def numbered(element: str, *, number: int) -> str:
    """Return the element of an instrument, counted from 1."""
    if element == "WP":
        return f"WP{number}"
    return element if number == 1 else f"{element}.{number}"
