"""Where a table begins in a sheet, and which of its columns is which."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from anlan.kernel.sheets.plain import without_blanks
from anlan.kernel.sheets.reading import Cell, Grid

SEARCHED_ROWS = 30
FEWEST_MATCHES = 2
BRACKETED = re.compile(r"(?<=.)[(\[【〔{][^()\[\]【】〔〕{}]*[)\]】〕}]$")
NUMBERS = re.compile(r"[\d.,:/+-]{5,}[xX]?")
TOTALS = frozenset({"合计", "总计", "小计", "共计", "total"})
NOTE_STARTS = ("注", "备注", "说明", "填表", "note")


@dataclass(frozen=True)
class Headings:
    """The heading row of a grid: where the data begins and what stands in which column.

    `columns` maps a wanted column to its index. `unknown` are headings that nobody asked for.
    `doubled` are further columns for a wanted one, which are not read. `texts` are all headings.
    """

    first_row: int
    columns: Mapping[str, int]
    unknown: tuple[tuple[int, str], ...] = ()
    doubled: tuple[tuple[int, str], ...] = ()
    texts: tuple[str, ...] = ()


def plain_heading(text: str) -> str:
    """Return a heading without spaces, stars, a bracketed unit at its end, width and case."""
    plain = without_blanks(unicodedata.normalize("NFKC", text)).lower()
    while True:
        shorter = BRACKETED.sub("", plain.strip("*"))
        if shorter == plain:
            return plain
        plain = shorter


def find_headings(grid: Grid, wanted: Mapping[str, Sequence[str]]) -> Headings | None:
    """Return the headings of a grid, or None when no row near its top holds any.

    `wanted` maps a column's name to the headings accepted for it.
    """
    names = {plain_heading(text): name for name, texts in wanted.items() for text in texts}
    fewest = min(FEWEST_MATCHES, len(wanted)) or 1
    rows = grid.rows[:SEARCHED_ROWS]
    scores = [score(row, names) for row in rows]
    best = max(range(len(rows)), key=scores.__getitem__, default=0)
    if not rows or scores[best] < fewest:
        return None
    while best + 1 < len(rows) and scores[best + 1] == scores[best]:
        best += 1
    if best + 1 < len(rows) and continues(rows[best], rows[best + 1], names):
        best += 1
    upper = rows[best - 1] if best and is_headlike(rows[best - 1], names) else []
    return mapped(rows[best], upper, names=names, first_row=best + 1)


def score(row: Sequence[Cell], names: Mapping[str, str]) -> int:
    """Return how many distinct wanted columns a row names; 0 when it rather looks like data."""
    matches = {name for cell in row if (name := named(cell, names))}
    return len(matches) if len(matches) > sum(map(is_data, row)) else 0


def is_headlike(row: Sequence[Cell], names: Mapping[str, str]) -> bool:
    """Tell whether a row names a wanted column and holds no data."""
    return any(named(cell, names) for cell in row) and not any(map(is_data, row))


def named(cell: Cell, names: Mapping[str, str]) -> str | None:
    """Return the wanted column that a cell names, or None."""
    return names.get(plain_heading(cell)) if isinstance(cell, str) and cell else None


def is_data(cell: Cell) -> bool:
    """Tell whether a cell holds a value that no heading is: a number, a date, a long code."""
    if isinstance(cell, str):
        return NUMBERS.fullmatch(without_blanks(cell)) is not None
    return cell is not None


def continues(upper: Sequence[Cell], lower: Sequence[Cell], names: Mapping[str, str]) -> bool:
    """Tell whether `lower` is the second row of the headings that `upper` begins.

    Each of its texts stands under the same text, under nothing, or under a head of a group.
    """
    if not is_headlike(lower, names):
        return False
    pairs = list(enumerate(zip(upper, lower, strict=False)))
    return all(
        is_empty(below) or above == below or is_empty(above) or is_group(upper, index, names)
        for index, (above, below) in pairs
    )


def is_group(row: Sequence[Cell], index: int, names: Mapping[str, str]) -> bool:
    """Tell whether a cell heads a group: no wanted column, or one text over several columns."""
    beside = (*row[max(index - 1, 0) : index], *row[index + 1 : index + 2])
    # An unmerged head has nothing to its right; its second column has nothing above at all.
    return row[index] in beside or (
        named(row[index], names) is None and is_empty_at(row, index + 1)
    )


def is_empty_at(row: Sequence[Cell], index: int) -> bool:
    """Tell whether a row has a cell at `index` with nothing in it."""
    return index < len(row) and is_empty(row[index])


def mapped(
    lower: Sequence[Cell], upper: Sequence[Cell], *, names: Mapping[str, str], first_row: int
) -> Headings:
    """Return which column is which; the lower of two heading rows wins."""
    columns: dict[str, int] = {}
    unknown: list[tuple[int, str]] = []
    doubled: list[tuple[int, str]] = []
    texts: list[str] = []
    for index, cell in enumerate(lower):
        above = upper[index] if index < len(upper) else None
        name, text = read_heading(cell, above, names)
        texts.append(text)
        if name is None:
            unknown.extend([(index, text)] if text else [])
        elif name in columns:
            doubled.append((index, name))
        else:
            columns[name] = index
    return Headings(first_row, columns, tuple(unknown), tuple(doubled), tuple(texts))


def read_heading(cell: Cell, above: Cell, names: Mapping[str, str]) -> tuple[str | None, str]:
    """Return the wanted column of two cells one above the other, and the text that names it."""
    for each in (cell, above):
        name = named(each, names)
        if name is not None:
            return name, str(each).strip()
    return None, str(above if is_empty(cell) else cell).strip() if above or cell else ""


def is_empty(cell: Cell) -> bool:
    """Tell whether a cell holds nothing but blanks."""
    return cell is None or (isinstance(cell, str) and not (cell and without_blanks(cell)))


def is_blank(row: Sequence[Cell]) -> bool:
    """Tell whether a row holds nothing."""
    return all(map(is_empty, row))


def is_total(row: Sequence[Cell]) -> bool:
    """Tell whether a row sums up others: its first text is 合计, 总计, 小计, 共计 or Total."""
    first = next((cell for cell in row if not is_empty(cell)), None)
    return isinstance(first, str) and plain_heading(first).rstrip(":") in TOTALS


def is_note(row: Sequence[Cell]) -> bool:
    """Tell whether a row is a remark: one text alone, perhaps merged across, that begins as one."""
    texts = {cell for cell in row if not is_empty(cell)}
    if len(texts) != 1:
        return False
    text = texts.pop()
    return isinstance(text, str) and plain_heading(text).startswith(NOTE_STARTS)
