"""List the control characters, function codes and station classes of SL 651-2014."""

from datetime import timedelta, timezone
from typing import Final

# Telemetry stations keep Beijing time all over the country, and China has no daylight saving.
BEIJING: Final = timezone(timedelta(hours=8), "CST")

SOH_HEX: Final = 0x7E
SOH_ASCII: Final = 0x01
STX: Final = 0x02
ETX: Final = 0x03
EOT: Final = 0x04
ENQ: Final = 0x05
ACK: Final = 0x06
NAK: Final = 0x15
SYN: Final = 0x16
ETB: Final = 0x17
ESC: Final = 0x1B

# ENQ closes no upward frame in the standard, but answers of real devices to code 50 carry it.
UP_ENDS: Final = frozenset((ETX, ETB, ENQ))
DOWN_ENDS: Final = frozenset((ENQ, EOT, ACK, NAK, ESC))

KEEP_ALIVE: Final = 0x2F
UNIFORM_REPORT: Final = 0x31
TIMED_REPORT: Final = 0x32
EXTRA_REPORT: Final = 0x33
HOURLY_REPORT: Final = 0x34
MANUAL_REPORT: Final = 0x35
PICTURE_REPORT: Final = 0x36
PRESENT_QUERY: Final = 0x37
PERIOD_QUERY: Final = 0x38
MANUAL_QUERY: Final = 0x39
ELEMENT_QUERY: Final = 0x3A
RUNNING_SETTING: Final = 0x42
PUMP_QUERY: Final = 0x44
VERSION_QUERY: Final = 0x45
STATUS_QUERY: Final = 0x46
CLOCK_SETTING: Final = 0x4A
CLOCK_QUERY: Final = 0x51

UNIFORM_FUNCTIONS: Final = frozenset((UNIFORM_REPORT, PERIOD_QUERY))
# Upward bodies of these hold element groups; every other body is kept as raw bytes.
ELEMENT_FUNCTIONS: Final = frozenset((*range(0x30, 0x3B), PUMP_QUERY))
# E0 to FF are left to the user by the standard; the ranges missing here are reserved by it.
KNOWN_FUNCTIONS: Final = frozenset((*range(0x2F, 0x3B), *range(0x40, 0x52), *range(0xE0, 0x100)))

STATION_CLASSES: Final = {
    "P": "rain",
    "H": "river",
    "K": "reservoir",
    "Z": "gate",
    "D": "pump",
    "T": "tide",
    "M": "soil moisture",
    "G": "groundwater",
    "Q": "water quality",
    "I": "intake",
    "O": "outlet",
}
