"""Phone numbers, identity numbers and codes, which spreadsheets like to turn into numbers.

Sources: GB 11643-1999 for the 18-digit identity number, ISO/IEC 7064 MOD 11-2 for its last sign.
"""

import re
import unicodedata
from datetime import date

from django.utils.translation import gettext as _

from anlan.kernel.encryption import masked
from anlan.kernel.sheets.plain import BLANK, NOTHING, BadCell, compact, shown, written
from anlan.kernel.sheets.reading import Cell

MOBILE = re.compile(r"1[3-9]\d{9}")
LAND_LINE = re.compile(
    r"(010|02\d|0[3-9]\d{2})-?([2-9]\d{6,7})(?:(?:-|转|分机|ext\.?|x|#)+(\d{1,6}))?", re.IGNORECASE
)
COUNTRY = re.compile(r"(?:\+|00)86-?|86-?(?=1[3-9]\d{9})")
BETWEEN_PHONES = re.compile(r"[/、,;|\n\r]+")
PUNCTUATION = str.maketrans("", "", "()[]")
SCIENTIFIC = re.compile(r"(\d)(?:\.(\d+))?[eE]\+?(\d{1,2})")
IDENTITY = re.compile(r"[1-9]\d{5}(\d{4})(\d{2})(\d{2})\d{3}[\dX]")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_SIGNS = "10X98765432"
CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]*")
# A spreadsheet keeps 15 digits of a number and rounds the others away.
EXACT_BELOW = 1e15
BORN_SINCE, BORN_UNTIL = 1880, 2100


def digits_of(cell: Cell) -> str:
    """Return a number or text as the digits that were typed; raise BadCell when some are lost."""
    if isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) >= EXACT_BELOW:
        raise rounded(compact(cell))
    text = compact(cell)
    if "e" in text.lower() and (found := SCIENTIFIC.fullmatch(text)):
        lead, rest, power = found[1], found[2] or "", int(found[3])
        if len(rest) < power:
            raise rounded(text)
        return lead + rest[:power]
    return text


def rounded(text: str) -> BadCell:
    """Return the refusal of a number whose last digits the spreadsheet has rounded away."""
    return BadCell(
        _(
            "The spreadsheet has rounded the last digits of “%(value)s”: format the column as "
            "text and type the number again."
        )
        % {"value": masked(text)}
    )


def as_phones(cell: Cell) -> tuple[str, ...]:
    """Return all phone numbers of a cell: 13800000000, 0916-2212345 or 0916-2212345-12."""
    if type(cell) is str and len(cell) == 11 and cell.isascii() and MOBILE.fullmatch(cell):
        return (cell,)
    text = digits_of(cell)
    if not text:
        return ()
    one = phone_of(text) or (phone_of("0" + text) if not isinstance(cell, str) else None)
    if one is not None:
        return (one,)
    found: list[str] = []
    for part in BETWEEN_PHONES.split(unicodedata.normalize("NFKC", written(cell))):
        found.extend(phones_among(BLANK.split(part), text))
    if not found:
        raise no_phone(text)
    return tuple(dict.fromkeys(found))


def as_phone(cell: Cell) -> str | None:
    """Return the one phone number of a cell, or None when it is empty; or raise BadCell."""
    phones = as_phones(cell)
    if len(phones) > 1:
        raise BadCell(
            _(
                "“%(value)s” and %(others)d more phone numbers share a cell: put each further "
                "number in a column of its own."
            )
            % {"value": masked(phones[0]), "others": len(phones) - 1}
        )
    return phones[0] if phones else None


def phones_among(words: list[str], text: str) -> list[str]:
    """Return the numbers that words between blanks make up; raise BadCell when some are left."""
    found, begun = [], ""
    for word in words:
        begun += "" if word in NOTHING and not begun else word
        phone = phone_of(begun)
        if phone is not None:
            found.append(phone)
            begun = ""
    if begun:
        raise no_phone(text)
    return found


def phone_of(text: str) -> str | None:
    """Return the canonical form of one phone number, or None when the text is none."""
    plain = text.translate(PUNCTUATION)
    home = COUNTRY.sub("", plain, count=1) if COUNTRY.match(plain) else plain
    digits = home.replace("-", "")
    if MOBILE.fullmatch(digits):
        return digits
    # From abroad the area code is dialled without its zero.
    abroad = "0" + home if home is not plain else home
    for spelling in (home, digits, abroad):
        if line := LAND_LINE.fullmatch(spelling):
            return "-".join(part for part in line.groups() if part)
    return None


def no_phone(text: str) -> BadCell:
    """Return the refusal of a text that is no phone number."""
    return BadCell(
        _(
            "“%(value)s” is not a phone number: give the 11 digits of a mobile phone, or a land "
            "line with its area code such as 0916-2212345."
        )
        % {"value": masked(text)}
    )


def as_id_number(cell: Cell) -> str | None:
    """Return an 18-character identity number, or None when the cell is empty; or raise BadCell."""
    text = digits_of(cell).upper()
    if not text:
        return None
    if len(text) == 15 and text.isdecimal():
        raise bad_identity(
            _("“%(value)s” is an old identity number of 15 digits: give the one of 18."), text
        )
    found = IDENTITY.fullmatch(text)
    if found is None:
        raise bad_identity(
            _("“%(value)s” is not an identity number: give its 18 characters."), text
        )
    if text[17] != check_sign(text):
        raise bad_identity(
            _("“%(value)s” is mistyped, its last character does not fit: compare it."), text
        )
    if not is_birthday(found[1], found[2], found[3]):
        raise bad_identity(
            _("“%(value)s” holds no possible date of birth: compare it with the card."), text
        )
    return text


def bad_identity(sentence: str, text: str) -> BadCell:
    """Return a refusal that hides the middle of the number."""
    return BadCell(sentence % {"value": masked(text)})


def check_sign(number: str) -> str:
    """Return the last character that the first 17 digits of an identity number ask for."""
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, number, strict=False))
    return CHECK_SIGNS[total % 11]


def is_birthday(year: str, month: str, day: str) -> bool:
    """Tell whether somebody alive can be born on that day."""
    try:
        return BORN_SINCE <= date(int(year), int(month), int(day)).year <= BORN_UNTIL
    except ValueError:
        return False


def as_code(cell: Cell, *, length: int | None = None, longest: int = 40) -> str | None:
    """Return a code of digits and letters, or None when the cell is empty; or raise BadCell.

    `length` is how many characters it must have, such as 12 for a division.
    """
    text = digits_of(cell)
    if not text:
        return None
    if CODE.fullmatch(text) is None or len(text) > longest or isinstance(cell, bool):
        raise BadCell(
            _("“%(value)s” is not a code: write digits and letters only.") % {"value": shown(cell)}
        )
    if length is not None and len(text) != length:
        raise BadCell(
            _("“%(value)s” has %(found)d characters, the code needs %(length)d: complete it.")
            % {"value": shown(text), "found": len(text), "length": length}
        )
    return text
