"""Into which classes rain falls, and in which steps a map of it is drawn. Pure.

Source: GB/T 28592-2012 for 12 and 24 hours. For other spans there are no classes; the steps are
those that weather services draw.
"""

from collections.abc import Mapping
from typing import Final

HOURS: Final = (1, 3, 6, 12, 24, 48, 72)
DRY: Final = 0.1
STEPS_MM: Final[Mapping[int, tuple[float, ...]]] = {
    1: (DRY, 5, 10, 20, 30, 50),
    3: (DRY, 10, 20, 30, 50, 100),
    6: (DRY, 10, 25, 50, 100, 150),
    12: (DRY, 5, 15, 30, 70, 140),
    24: (DRY, 10, 25, 50, 100, 250),
    48: (DRY, 25, 50, 100, 200, 300),
    72: (DRY, 25, 50, 100, 200, 300),
}
"""The least rain of each of six steps, in mm, by the hours over which it fell."""

COLOURS: Final = ("#a6f28f", "#3dba3d", "#61b8ff", "#0000e1", "#fa00fa", "#800040")
"""What weather services paint the six steps with, the least rain first."""

CLASSED: Final = (12, 24)
"""The hours for which the steps are the national classes: light to extraordinary."""


MOST_LINES: Final = 8
_NICE_MM: Final = (1.0, 2.0, 5.0, 10.0, 20.0, 25.0, 50.0, 100.0, 200.0)


def lines_between(lowest_mm: float, highest_mm: float) -> list[float]:
    """Return the amounts at which lines of equal rain are drawn: whole steps, at most MOST_LINES.

    Between the least and the most that fell, neither included.
    """
    spread = highest_mm - lowest_mm
    step = next((each for each in _NICE_MM if spread / each <= MOST_LINES), spread / MOST_LINES)
    if spread <= 0:
        return []
    first = int(lowest_mm // step) + 1
    found = [first * step + each * step for each in range(MOST_LINES)]
    return [round(each, 1) for each in found if lowest_mm < each < highest_mm and each >= DRY]


def step_of(rain_mm: float, *, hours: int) -> int:
    """Return the number of the step that an amount reaches, from 0; -1 for less than the first."""
    return sum(rain_mm >= least for least in STEPS_MM[hours]) - 1
