"""List the functions, kinds and status bits of SZY 206.

Which sources agree on them stands in the package's docstring.
"""

from typing import Final

START: Final = 0x68
END: Final = 0x16

LINK: Final = 0x02
ALARM_REPORT: Final = 0x81
REPORT: Final = 0xC0
REPORTS: Final = frozenset((ALARM_REPORT, REPORT))

LOGIN: Final = 0xF0
LOGOUT: Final = 0xF1
KEEP_ALIVE: Final = 0xF2
LINK_WORDS: Final[dict[int, str]] = {LOGIN: "login", LOGOUT: "logout", KEEP_ALIVE: "keep-alive"}

# Functions a station may send, that are known by name only.
REFUSED_FUNCTIONS: Final[dict[int, str]] = {
    0x61: "a picture, whose length counts kilobytes",
    0x82: "a manual entry",
    0x83: "a picture, whose length counts kilobytes",
    0x84: "a supply voltage, which only SL/T 427 has",
    0xB0: "an answer to a query of present values",
    0xB1: "an answer to a query of stored values",
}

RAIN: Final = 1
LEVEL: Final = 2
FLOW: Final = 3
VELOCITY: Final = 4
GATE: Final = 5
POWER: Final = 6
AIR_PRESSURE: Final = 7
WIND: Final = 8
WATER_TEMPERATURE: Final = 9
WATER_QUALITY: Final = 10
SOIL: Final = 11
EVAPORATION: Final = 12
STATUS: Final = 13
RAIN_OF_PERIOD: Final = 14
WATER_PRESSURE: Final = 15

# SL/T 427 gives these numbers to weather, electricity and moisture with its depth.
CHANGED_KINDS: Final = frozenset((AIR_PRESSURE, WIND, SOIL))

# Bits of the two alarm bytes and the two state bytes, from the lowest.
ALARMS: Final = (
    *("mains off", "battery", "level limit", "flow limit", "quality limit", "flow meter fault"),
    *("pump", "level meter fault", "pressure limit", "temperature limit", "card", "fixed value"),
    *("remaining water", "box door"),
)
WORK_MODE_BITS: Final = 3
