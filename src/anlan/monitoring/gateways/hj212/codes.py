"""List the commands, spans and data flags of HJ 212.

Sources: HJ 212-2017 tables 4, 5, 8 and 9.
"""

from typing import Final, Literal

# What a value stands for: one moment, or a period that begins at its time.
Span = Literal["moment", "minutes", "hour", "day"]

# An answer belongs to no measured system, but to the interaction of both ends.
INTERACTION_SYSTEM: Final = "91"

REQUEST_ANSWER: Final = 9011
EXECUTION_RESULT: Final = 9012
NOTICE_ANSWER: Final = 9013
DATA_ANSWER: Final = 9014

TIME_CALIBRATION_REQUEST: Final = 1013

# Uploads that carry measured values, with what their values stand for. The interval of minute
# data is a setting of the station and not in the message.
DATA_COMMANDS: Final[dict[int, Span]] = {
    2011: "moment",
    2021: "moment",
    2031: "day",
    2041: "day",
    2051: "minutes",
    2061: "hour",
}
# What a station uploads and the centre confirms as data (table 9, "upload command").
UPLOADS: Final = frozenset((1011, 1061, 1063, *DATA_COMMANDS, 2081, 3015, *range(3017, 3021)))
NOTICES: Final = frozenset((TIME_CALIBRATION_REQUEST,))

# Bits of the Flag field; the bits above them are the version of the standard.
ANSWER_BIT: Final = 1
PACKET_BIT: Final = 2
VERSION_SHIFT: Final = 2

# The one flag of a value that may be used as measured; a value without a flag may be, too.
NORMAL: Final = "N"

MAX_SEGMENT: Final = 1024
