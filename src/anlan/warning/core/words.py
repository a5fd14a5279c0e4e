"""Words with figures in them: `{name}` stands for a figure of a fixed table, and nothing else does.

No name is looked up anywhere but in the table, no format is read, and what a figure says is not
read again: text that people or stations give stays text.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from anlan.registry.data import Colour, Hazard

FIGURES: Final = (
    "station",
    "value",
    "limit",
    "unit",
    "hours",
    "town",
    "villages",
    "people",
    "shelter",
    "colour",
    "hazard",
    "issued",
    "onset",
    "expiry",
    "sender",
)
"""The figures that a text may name."""

TITLE_LETTERS: Final = 120
TEXT_LETTERS: Final = 2_000

_BRACED = re.compile(r"\{([^{}\n]*)\}")
# Controls, marks that turn or hide the writing, halves of characters, private ones.
_UNWANTED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


@dataclass(frozen=True)
class TextRow:
    """Words that a county keeps; an empty hazard or no colour means every one."""

    hazard: str
    colour: int | None
    title: str
    text: str
    kept_at: datetime


def cleaned(text: str) -> str:
    """Return a text without control characters; its lines stay, trimmed, without empty ends."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    kept = "".join(c for c in plain if c == "\n" or unicodedata.category(c) not in _UNWANTED)
    return "\n".join(line.rstrip() for line in kept.split("\n")).strip()


def one_line(text: str) -> str:
    """Return a text cleaned and on one line."""
    return " ".join(cleaned(text).split())


def unknown_names(text: str) -> tuple[str, ...]:
    """Return what stands between braces in a text and is no figure, each once, in order."""
    found = (match.group(1) for match in _BRACED.finditer(text))
    return tuple(dict.fromkeys(name for name in found if name not in FIGURES))


def filled(text: str, *, figures: Mapping[str, str]) -> str:
    """Return a text with its figures filled in, in one pass.

    A line that names a figure of the table of which there is none is left out; braces around
    anything else stay as they are.
    """
    lines = [line for line in text.split("\n") if not _lacks(line, figures)]
    return "\n".join(_BRACED.sub(lambda match: _value(match, figures), line) for line in lines)


def best_text(rows: Iterable[TextRow], *, hazard: Hazard, colour: Colour) -> TextRow | None:
    """Return the words for a hazard and colour that say most exactly for what; of equals the last.

    Words for a hazard go before words for a colour.
    """
    fitting = [r for r in rows if r.hazard in ("", hazard) and r.colour in (None, colour)]
    order = sorted(fitting, key=lambda r: (r.hazard != "", r.colour is not None, r.kept_at))
    return order[-1] if order else None


def joined(names: Sequence[str], *, most: int) -> tuple[str, int]:
    """Return the first names in a row, and how many more there are."""
    return "、".join(names[:most]), max(len(names) - most, 0)


def _lacks(line: str, figures: Mapping[str, str]) -> bool:
    names = {match.group(1) for match in _BRACED.finditer(line)}
    return any(name in FIGURES and not figures.get(name) for name in names)


def _value(match: re.Match[str], figures: Mapping[str, str]) -> str:
    name = match.group(1)
    return one_line(figures[name]) if name in FIGURES else match.group(0)
