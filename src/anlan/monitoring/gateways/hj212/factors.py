"""Know the default units of the factors of HJ 212.

Source: HJ 212-2017 tables B.1 to B.3. The tables give TSP, PM10, PM2.5 and PM1.0 in ng/m3, which
no recorded message fits, and ambient-air stations (system 22 and 39) send gases in ug/m3 where
the tables say mg/m3. Such values keep the unit "": it is what the two ends agreed on.
"""

from typing import Final

_AMBIENT: Final = frozenset(("22", "39"))
_MASS_IN_AIR: Final = "mg/m3"

# Unit of a concentration or other value, unit of the amount in a period, the factors.
_TABLE: Final = (
    ("L/s", "m3", "w00000"),
    ("m3/s", "m3", "a00000"),
    (
        "mg/L",
        "kg",
        "w01006 w01012 w01017 w01018 w01019 w01020 w19001 w19002 w20012 w20023 w20038 w20061"
        " w20092 w20116 w20121 w20122 w20123 w20124 w20125 w20126 w20138 w20139 w20140 w20141"
        " w20144 w21001 w21003 w21004 w21006 w21007 w21011 w21016 w21017 w21019 w21022 w21038"
        " w22001 w23002 w99001",
    ),
    ("mg/L", "", "w01009"),
    ("ug/L", "g", "w20111 w20115 w20117 w20119 w20120 w20127 w20128 w20142 w20143 w25043"),
    ("ng/L", "mg", "w20089 w20113 w33001 w33007"),
    ("C", "", "w01010 a01001 a01012 a01015"),
    ("uS/cm", "", "w01014"),
    ("1/L", "", "w02003 w02006"),
    ("Bq/L", "", "w03001 w03002"),
    ("%", "", "a01002 a01014 a19001"),
    ("kPa", "", "a01006 a01013 a01017"),
    ("m/s", "", "a01007 a01011"),
    ("deg", "", "a01008"),
    ("m2", "", "a01016"),
    ("dB", "", "LA L5 L10 L50 L90 L95 Leq Ldn Ld Ln LMx LMn"),
    (
        _MASS_IN_AIR,
        "kg",
        "a05001 a05008 a05009 a05013 a20016 a20025 a20043 a20057 a20063 a20091 a21002 a21003"
        " a21004 a21005 a21017 a21018 a21022 a21024 a21026 a21028 a23001 a24003 a24004 a24005"
        " a24006 a24007 a24008 a24009 a24015 a24016 a24017 a24018 a24019 a24020 a24027 a24034"
        " a24036 a24042 a24043 a24046 a24047 a24049 a24050 a24053 a24054 a24072 a24078 a24087"
        " a24088 a24099 a24110 a24111 a24112 a24113 a25002 a25003 a25004 a25005 a25006 a25007"
        " a25008 a25010 a25011 a25012 a25013 a25014 a25015 a25019 a25020 a25021 a25023 a25038"
        " a25044 a25072 a26001 a29017 a29026 a30001 a30008 a30022 a31001 a31002 a31024 a31025"
        " a31030 a34013 a34017 a34038 a34039 a34040 a99010 a99049 a99051",
    ),
)
# Codes of HJ/T 212-2005 for the same factors (column "former code" of tables B.1 and B.2).
_FORMER: Final = (
    "B01:w00000 001:w01001 002:w01002 003:w01012 010:w01017 011:w01018 015:w01020 550:w02003"
    " 570:w03001 571:w03002 520:w19002 039:w20012 037:w20023 040:w20038 038:w20061 041:w20089"
    " 036:w20092 020:w20111 021:w20113 022:w20115 023:w20116 024:w20117 026:w20119 027:w20120"
    " 028:w20121 029:w20122 030:w20123 031:w20124 032:w20125 033:w20126 034:w20127 035:w20128"
    " 065:w21001 060:w21003 062:w21004 063:w21006 064:w21007 101:w21011 070:w21016 072:w21017"
    " 071:w21019 090:w21022 080:w22001 110:w23002 540:w25043 350:w33001 351:w33007 061:w99001"
    " B02:a00000 S02:a01011 S03:a01012 S08:a01013 S05:a01014 S06:a01015 S07:a01016 S04:a01017"
    " 30:a05001 S01:a19001 36:a20016 33:a20025 32:a20043 31:a20057 35:a20063 34:a20091"
    " 03:a21002 04:a21005 07:a21017 06:a21018 11:a21022 08:a21024 02:a21026 05:a21028 27:a23001"
    " 29:a24046 25:a24087 17:a25003 18:a25005 23:a25010 22:a25023 20:a25044 21:a26001 28:a30001"
    " 13:a30022 19:a31001 26:a31002 01:a34013 09:a34038 14:a34039 15:a34040 24:a99049 12:a99051"
)
_UNITS: Final = {code: (unit, amount) for unit, amount, codes in _TABLE for code in codes.split()}
_MODERN: Final[dict[str, str]] = {
    former: code for former, _, code in (pair.partition(":") for pair in _FORMER.split())
}


def unit_of(factor: str, *, kind: str, system: str) -> str:
    """Return the unit of a factor's value: "" where the tables name none that holds.

    `kind` is the part after the dash ("Rtd", "Avg", "Cou", "RT"), `system` the two signs of ST.
    """
    if kind == "RT":
        return "h"
    unit, amount = _UNITS.get(_MODERN.get(factor, factor), ("", ""))
    if kind == "Cou":
        return amount
    if unit == _MASS_IN_AIR and system in _AMBIENT:
        return ""
    return unit
