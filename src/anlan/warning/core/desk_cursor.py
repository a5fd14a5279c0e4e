"""Up to where in the journal a desk has been told. Pure.

Entries may be committed out of the order of their numbers, so a desk does not only look past the
newest it knows: it also counts those since `base`, a number that lies a minute or two back. When
more stand there than it was told of, one came late.
"""

from dataclasses import dataclass, replace
from typing import Final

TURNED_EVERY_S: Final = 60
PARTS: Final = 5
LONGEST: Final = 19  # digits of the largest key of a database


@dataclass(frozen=True)
class Cursor:
    """The newest entry told, and how many of those past `base`.

    Every minute `following` becomes the base and the newest number of the journal the following.
    """

    base: int
    following: int
    turned_s: int
    newest: int
    count: int

    def __str__(self) -> str:
        parts = (self.base, self.following, self.turned_s, self.newest, self.count)
        return ".".join(str(part) for part in parts)

    def must_turn(self, *, now_s: int) -> bool:
        """Tell whether the base has stood long enough."""
        return now_s - self.turned_s >= TURNED_EVERY_S

    def turned(self, *, last: int, count: int, now_s: int) -> "Cursor":
        """Return the cursor with its base moved on; `count` entries lie past the new one."""
        return replace(self, base=self.following, following=last, turned_s=now_s, count=count)


def read_cursor(text: str) -> Cursor | None:
    """Return the cursor that a browser sends back, or None for anything else."""
    parts = text.split(".")
    is_whole = all(p.isascii() and p.isdigit() and len(p) <= LONGEST for p in parts)
    if len(parts) != PARTS or not is_whole:
        return None
    found = Cursor(*(int(part) for part in parts))
    return found if max(found.base, found.following, found.newest) < 2**63 else None
