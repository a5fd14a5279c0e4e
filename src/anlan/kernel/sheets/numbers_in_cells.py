"""Numbers, whole numbers and choices, one cell in, one value out."""

import math
import re
from collections.abc import Collection, Iterable, Mapping

from django.utils.translation import gettext as _

from anlan.kernel.sheets.plain import BadCell, compact, shown, written
from anlan.kernel.sheets.reading import Cell

NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d*)?(?:(?<=[\d.])[eE][+-]?\d{1,3})?")
YES = frozenset({"是", "有", "√", "✓", "✔", "☑", "1", "true", "yes", "y", "对"})
NO = frozenset({"否", "无", "没有", "×", "✗", "✘", "x", "0", "false", "no", "n", "不是"})
MOST_LISTED = 12


def as_number(
    cell: Cell,
    *,
    least: float | None = None,
    most: float | None = None,
    units: Collection[str] = (),
) -> float | None:
    """Return a finite number, or None for an empty cell; raise BadCell outside least..most.

    `units` are the words that may follow it.
    """
    if type(cell) is float or type(cell) is int:
        number: float = cell
    else:
        text = number_text(cell, units)
        if not text:
            return None
        number = float(text)
    check_range(cell, number, least=least, most=most)
    return number


def as_whole(
    cell: Cell,
    *,
    least: int | None = None,
    most: int | None = None,
    units: Collection[str] = (),
) -> int | None:
    """Return a whole number, or None for an empty cell; raise BadCell outside least..most."""
    if type(cell) is float or type(cell) is int:
        number: float = cell
    else:
        text = number_text(cell, units)
        if not text:
            return None
        number = int(text) if text.isdecimal() else float(text)
    check_range(cell, number, least=least, most=most)
    if number % 1:
        raise BadCell(
            _("“%(value)s” is not a whole number: round it to a whole number.")
            % {"value": shown(cell)}
        )
    return int(number)


def number_text(cell: Cell, units: Collection[str]) -> str:
    """Return the digits of a text that is a number, empty for an empty cell; or raise BadCell."""
    if isinstance(cell, bool) or not isinstance(cell, str | None):
        raise no_number(cell)
    text = compact(cell)
    for unit in units:
        if text.endswith(compact(unit)):
            text = text.removesuffix(compact(unit))
            break
    if not text and not compact(cell):
        return ""
    if len(text) > 40 or not NUMBER.fullmatch(text) or not text.strip("+-.,eE"):
        raise no_number(cell)
    return text.replace(",", "")


def no_number(cell: Cell) -> BadCell:
    """Return the refusal of a cell that holds no number."""
    return BadCell(
        _("“%(value)s” is not a number: type digits only, without words or signs.")
        % {"value": shown(cell)}
    )


def check_range(cell: Cell, number: float, *, least: float | None, most: float | None) -> None:
    """Raise BadCell when a number is not finite or not within least..most."""
    if not math.isfinite(number):
        raise no_number(cell)
    if least is not None and number < least:
        raise BadCell(
            _("“%(value)s” is too small: give at least %(least)s.")
            % {"value": shown(cell), "least": written(least)}
        )
    if most is not None and number > most:
        raise BadCell(
            _("“%(value)s” is too large: give at most %(most)s.")
            % {"value": shown(cell), "most": written(most)}
        )


def as_yes_no(cell: Cell) -> bool | None:
    """Return whether a cell says yes, or None when it is empty; 无 says no."""
    if isinstance(cell, bool):
        return cell
    text = plain_choice(cell)
    if text in YES:
        return True
    if text in NO:
        return False
    if not compact(cell):
        return None
    raise BadCell(_("“%(value)s” is neither yes nor no: write 是 or 否.") % {"value": shown(cell)})


def plain_choice(cell: Cell) -> str:
    """Return a cell as choices are compared: no blanks, narrow, lower case."""
    return compact(cell).lower() or ("无" if isinstance(cell, str) and cell.strip() == "无" else "")


def choice_table(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the table for `as_choice` of (value, label) pairs: labels and values lead to values.

    Labels come first, so that a refusal lists them.
    """
    listed = list(pairs)
    table = {plain_choice(label): value for value, label in listed}
    for value, _label in listed:
        table.setdefault(plain_choice(value), value)
    return table


def as_choice(cell: Cell, *, choices: Mapping[str, str]) -> str | None:
    """Return the value that a cell chooses, or None when it is empty; or raise BadCell.

    `choices` maps plain labels and plain values to values: make it once by `choice_table`.
    """
    if type(cell) is str and cell in choices:
        return choices[cell]
    text = plain_choice(cell)
    if text in choices:
        return choices[text]
    if not compact(cell):
        return None
    raise BadCell(
        _("“%(value)s” is not one of the allowed values: choose %(choices)s.")
        % {"value": shown(cell), "choices": listed_choices(choices)}
    )


def listed_choices(choices: Mapping[str, str]) -> str:
    """Return the first label of each value, at most MOST_LISTED, for a sentence."""
    labels: dict[str, str] = {}
    for label, value in choices.items():
        labels.setdefault(value, label)
    listed = "、".join(list(labels.values())[:MOST_LISTED])
    return listed + "…" if len(labels) > MOST_LISTED else listed
