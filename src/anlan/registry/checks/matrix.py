"""Gaps counted by place and kind: towns down the side, and inside a town its villages. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from anlan.kernel.codes import Level, level_of
from anlan.registry.checks.words import Gap, GapKind


@dataclass(frozen=True)
class MatrixRow:
    """One division with the count of each kind, in the order of the matrix' kinds."""

    code: str
    name: str
    cells: tuple[tuple[GapKind, int], ...]

    @property
    def is_town(self) -> bool:
        """Tell whether the division is a town, which can be looked into."""
        return level_of(self.code) == Level.TOWN

    @property
    def total(self) -> int:
        """Return how many gaps there are in the division."""
        return sum(count for _kind, count in self.cells)


@dataclass(frozen=True)
class Matrix:
    """The kinds that occur, a row a division, and the sums."""

    kinds: tuple[GapKind, ...]
    rows: tuple[MatrixRow, ...]
    sums: tuple[int, ...]

    @property
    def total(self) -> int:
        """Return how many gaps there are in all."""
        return sum(self.sums)


def gap_matrix(
    gaps: Iterable[Gap], *, divisions: Sequence[tuple[str, str]], by_village: bool
) -> Matrix:
    """Return the gaps counted by division and kind; divisions, code and name, without any stay.

    A gap of a place that no row stands for is counted with the division that holds it, or in the
    sums alone.
    """
    found = list(gaps)
    kinds = tuple(kind for kind in GapKind if any(gap.kind is kind for gap in found))
    counted = Counter(
        (gap.division_code if by_village else gap.town_code or gap.division_code, gap.kind)
        for gap in found
    )
    rows = [
        MatrixRow(code, name, cells=tuple((kind, counted[code, kind]) for kind in kinds))
        for code, name in divisions
    ]
    return Matrix(kinds=kinds, rows=tuple(rows), sums=tuple(_sums(found, kinds)))


def _sums(gaps: Iterable[Gap], kinds: Iterable[GapKind]) -> list[int]:
    counted: Mapping[GapKind, int] = Counter(gap.kind for gap in gaps)
    return [counted.get(kind, 0) for kind in kinds]
