"""Which codes a division had and has, told from the steps of its history. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from anlan.kernel.codes import UnknownDivision
from anlan.registry.data import DivisionChangeKind


@dataclass(frozen=True)
class Step:
    """One row of the history: on a day `old` became `new`; both are equal for what went on.

    `order` rises with every row written; the rows of one change share day and kind.
    """

    old: str
    new: str
    on: date
    kind: DivisionChangeKind
    order: int = 0


def successors(code: str, *, steps: Iterable[Step], ended: Mapping[str, date | None]) -> list[str]:
    """Return the divisions of today in which a code lives on, in order of code.

    A division from which another was split off lives on in both.
    """
    by_old: dict[str, list[Step]] = defaultdict(list)
    for step in steps:
        by_old[step.old].append(step)
    seen, waiting = set(), [code]
    while waiting:
        here = waiting.pop()
        if here not in seen:
            seen.add(here)
            waiting += [step.new for step in by_old[here]]
    return sorted(each for each in seen if each in ended and ended[each] is None)


def codes_on(
    code: str, day: date, *, steps: Iterable[Step], ended: Mapping[str, date | None]
) -> list[str]:
    """Return the codes that on a day covered what this code covers, in order of code.

    The day on which a change takes effect belongs to the new codes.
    """
    if code not in ended:
        raise UnknownDivision(code)
    known = [step for step in steps if step.kind is not DivisionChangeKind.RENAMED]
    end = ended[code]
    if end is not None and day >= end:
        return _forward(code, day, steps=known, ended=ended)
    return _backward(code, day, steps=known)


def _forward(
    code: str, day: date, *, steps: Sequence[Step], ended: Mapping[str, date | None]
) -> list[str]:
    end = ended.get(code)
    if end is None or end > day:
        return [code]
    heirs = {step.new for step in steps if step.old == code != step.new and step.on == end}
    return sorted({c for heir in heirs for c in _forward(heir, day, steps=steps, ended=ended)})


def _backward(code: str, day: date, *, steps: Sequence[Step]) -> list[str]:
    later = [step for step in steps if step.new == code and step.on > day]
    if not later:
        return [code]
    # The last change is undone first, then what its codes had been before it.
    last = max(later, key=lambda step: (step.on, step.order))
    undone = {s for s in later if (s.on, s.kind) == (last.on, last.kind)}
    rest = [step for step in steps if step not in undone]
    return sorted({c for s in undone for c in _backward(s.old, day, steps=rest)})
