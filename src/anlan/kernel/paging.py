"""A list in pages: the number that an address asks for, and the rows that it comes to."""

from typing import NamedTuple

MOST_DIGITS = 8


class Turned(NamedTuple):
    """The page that there is, how many there are, and the number of its first row, from 0."""

    page: int
    pages: int
    first: int


def turned(page: int, *, total: int, size: int) -> Turned:
    """Return the page nearest to the one asked for, of `total` rows with `size` on a page."""
    pages = max(1, -(-total // size))
    page = min(max(1, page), pages)
    return Turned(page=page, pages=pages, first=(page - 1) * size)


def whole_number(text: str, *, otherwise: int) -> int:
    """Return the number that a form or an address gives, or another one for anything else."""
    plain = text.strip()
    is_number = plain.isascii() and plain.isdigit() and len(plain) <= MOST_DIGITS
    return int(plain) if is_number else otherwise
