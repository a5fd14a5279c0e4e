"""Division codes: 12 digits, 2 province + 2 city + 2 county + 3 town + 3 village.

Source: the statistical division codes (GB/T 2260 for the first six digits, GB/T 10114 for the
next three), as described in the domain notes, section 4.1.
"""

from enum import IntEnum

from django.utils.translation import gettext as _

CODE_DIGITS = 12


class Level(IntEnum):
    """How deep a division lies; the value is the count of significant digits of its code."""

    PROVINCE = 2
    CITY = 4
    COUNTY = 6
    TOWN = 9
    VILLAGE = 12


class InvalidDivisionCode(ValueError):
    """A text that is not a 12-digit division code."""

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(
            _("“%(code)s” is not a division code: it needs 12 digits and a province.")
            % {"code": text}
        )


class UnknownDivision(LookupError):
    """A well-formed code that no division of the registry carries."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(
            _("There is no division with the code %(code)s; check it or add the division first.")
            % {"code": code}
        )


def check_code(text: str) -> None:
    """Raise InvalidDivisionCode unless `text` is a 12-digit code with a province."""
    if len(text) != CODE_DIGITS or not text.isascii() or not text.isdigit() or text[:2] == "00":
        raise InvalidDivisionCode(text)


def level_of(code: str) -> Level:
    """Return the level of a division code.

    Raises InvalidDivisionCode when `code` is no code.
    """
    check_code(code)
    for level in (Level.PROVINCE, Level.CITY, Level.COUNTY, Level.TOWN):
        if code[level:] == "0" * (CODE_DIGITS - level):
            return level
    return Level.VILLAGE


def prefix_of(code: str) -> str:
    """Return the significant digits of a code: 6 for a county, 9 for a town, 12 for a village."""
    return code[: level_of(code)]


def parent_of(code: str) -> str | None:
    """Return the code of the division directly above, or None for a province."""
    levels = list(Level)
    index = levels.index(level_of(code))
    if index == 0:
        return None
    return code[: levels[index - 1]].ljust(CODE_DIGITS, "0")


def ancestor_of(code: str, *, level: Level) -> str:
    """Return the code of the division of `level` that holds `code` (itself at its own level)."""
    check_code(code)
    return code[:level].ljust(CODE_DIGITS, "0")


def contains(outer: str, inner: str) -> bool:
    """Tell whether the division `inner` lies in `outer` or is the same."""
    check_code(inner)
    return inner.startswith(prefix_of(outer))


def code_range(prefix: str) -> tuple[str, str]:
    """Return the lowest and the highest 12-digit code with this prefix, both included.

    A range over the plain column uses its index on every database, where LIKE depends on the
    collation.
    """
    return prefix.ljust(CODE_DIGITS, "0"), prefix.ljust(CODE_DIGITS, "9")
