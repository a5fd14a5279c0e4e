"""Texts of cells made plain: blanks, width, and the marks that stand for nothing."""

import re
import unicodedata

from django.utils.translation import gettext as _

from anlan.kernel.sheets.reading import Cell

# Spaces of all widths, and what has no width at all.
BLANK = re.compile(r"[\s\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060\u3164\ufeff\u00a0\u3000]+")
INVISIBLE = re.compile(
    r"[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060\ufeff\x00-\x08\x0b-\x1f\x7f]+"
)
SPACES = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f\u3000]+")
WIDE = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B))}
WIDE |= {code: code - 0xFEE0 for code in range(0xFF41, 0xFF5B)}
MINUS = str.maketrans("−–—―‐‑", "------")
NOTHING = frozenset(
    {"", "无", "/", "\\", "-", "--", "—", "——", "–", "n/a", "N/A", "／", "－", "－－"}
)
LONGEST_SHOWN = 40


class BadCell(ValueError):
    """A cell that cannot be taken; its text is one sentence that names value and remedy."""


def without_blanks(text: str) -> str:
    """Return a text without any space, line break or invisible sign."""
    if text.isascii() and text.isprintable() and " " not in text:
        return text
    return BLANK.sub("", text)


def written(cell: Cell) -> str:
    """Return a cell as the spreadsheet would show it, numbers without exponent and empty `.0`."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return f"{cell:.0f}" if cell.is_integer() else repr(cell)
    return str(cell)


def compact(cell: Cell) -> str:
    """Return a cell without blanks and in narrow signs; empty when it stands for nothing."""
    text = written(cell)
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).translate(MINUS)
    text = without_blanks(text)
    return "" if text in NOTHING else text


def as_text(cell: Cell, *, longest: int) -> str | None:
    """Return a text without blanks around it, or None; raise BadCell past `longest` signs.

    Wide digits and letters become narrow; Chinese punctuation stays as it is.
    """
    text = written(cell)
    if not (text.isascii() and text.isprintable()):
        text = SPACES.sub(" ", INVISIBLE.sub("", text.translate(WIDE)))
    text = text.strip()
    if text in NOTHING:
        return None
    if len(text) > longest:
        raise BadCell(
            _("“%(value)s” is too long: it has %(length)d characters, shorten it to %(most)d.")
            % {"value": shown(text), "length": len(text), "most": longest}
        )
    return text


def shown(cell: Cell) -> str:
    """Return a value as a sentence quotes it, cut when it is long."""
    text = written(cell).strip()
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"
