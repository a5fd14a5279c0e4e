"""Renames, mergers and splits of divisions, decided from values: no database, no clock."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from anlan.kernel.codes import (
    Level,
    check_code,
    level_of,
    prefix_of,
)
from anlan.registry.data import DivisionChangeKind, RedrawingRefused

MAX_NAME = 60
MAX_BASIS = 120
FIGURES = ("population", "households", "plain_km2", "hill_km2", "mountain_km2")
MOVABLE = (Level.COUNTY, Level.TOWN, Level.VILLAGE)
LAST_SERIAL = 999

Move = tuple[str, str]
"""An old code and the code that takes its place."""


@dataclass(frozen=True)
class Standing:
    """A division as a decision sees it; `changed_on` is the day of its last change, if any."""

    code: str
    name: str
    parent: str | None = None
    ended_on: date | None = None
    changed_on: date | None = None


@dataclass(frozen=True)
class Part:
    """What a division is split into.

    `members` are the uuids of the rows and the codes of the villages that go to this part;
    `boundary` is GeoJSON, by which the rest is dealt out. `figures` are those of FIGURES that are
    known; the heir gets what the other parts leave.
    """

    code: str
    name: str
    members: frozenset[str] = frozenset()
    boundary: Any = None
    figures: Mapping[str, Decimal | int] = field(default_factory=dict)


@dataclass(frozen=True)
class Redrawing:
    """What a redrawing did, or would do: which code became which, and what waits for somebody.

    `rows` counts the moved rows by model, `decisions` are sentences about what only people can
    settle. In a split the heir stands first among the codes that follow one old code.
    """

    kind: DivisionChangeKind
    on: date
    moves: tuple[Move, ...]
    names: Mapping[str, str]
    rows: Mapping[str, int] = field(default_factory=dict)
    decisions: tuple[str, ...] = ()


# ------------------------------------------------------------------------------------------- checks


def check_paper(*, on: date, basis: str, today: date, concerned: Iterable[Standing]) -> None:
    """Raise RedrawingRefused unless day and document fit what is known of the divisions."""
    if not basis.strip() or len(basis) > MAX_BASIS:
        raise RedrawingRefused(
            _("Give the number of the document that decides it, at most %(most)d characters.")
            % {"most": MAX_BASIS}
        )
    if on > today:
        raise RedrawingRefused(
            _("The day %(on)s lies ahead: record the change on the day it takes effect.")
            % {"on": on}
        )
    for each in concerned:
        if each.ended_on is not None:
            raise RedrawingRefused(
                _("%(name)s (%(code)s) ended on %(on)s: choose the division that followed it.")
                % {"name": each.name, "code": each.code, "on": each.ended_on}
            )
        if each.changed_on is not None and on < each.changed_on:
            raise RedrawingRefused(
                _("%(name)s was last changed on %(last)s: the day must not lie before that.")
                % {"name": each.name, "last": each.changed_on}
            )


def check_level(code: str) -> None:
    """Raise RedrawingRefused for a city or a province."""
    if level_of(code) not in MOVABLE:
        raise RedrawingRefused(_("Only counties, towns and villages are redrawn here."))


def check_together(codes: Collection[str]) -> None:
    """Raise RedrawingRefused unless all are towns, or all villages, of one county."""
    if len({code[: Level.COUNTY] for code in codes}) > 1:
        raise RedrawingRefused(_("The divisions lie in different counties: choose those of one."))
    levels = {level_of(code) for code in codes}
    if len(levels) > 1:
        raise RedrawingRefused(
            _("A town and a village cannot be merged: choose divisions of one level.")
        )
    if levels - {Level.TOWN, Level.VILLAGE}:
        raise RedrawingRefused(_("Only towns and villages are merged and split here."))


def check_new_code(code: str, *, like: str, taken: Collection[str]) -> None:
    """Raise RedrawingRefused for a code that is taken, or not of the level or place of `like`."""
    check_code(code)
    if code in taken:
        raise RedrawingRefused(
            _("The code %(code)s is taken, or was: codes are not used again.") % {"code": code}
        )
    if level_of(code) != level_of(like):
        raise RedrawingRefused(
            _("The code %(code)s is not of the level of %(like)s: count its digits.")
            % {"code": code, "like": like}
        )
    kept = Level.CITY if level_of(like) is Level.COUNTY else Level.COUNTY
    if code[:kept] != like[:kept]:
        raise RedrawingRefused(
            _("The code %(code)s does not begin with %(digits)s like %(like)s.")
            % {"code": code, "digits": like[:kept], "like": like}
        )


def checked_name(name: str, *, siblings: Iterable[str]) -> str:
    """Return a name without outer spaces; raise RedrawingRefused for none, or one twice."""
    plain = name.strip()
    if not plain or len(plain) > MAX_NAME:
        raise RedrawingRefused(
            _("Give the division a name of at most %(most)d characters.") % {"most": MAX_NAME}
        )
    if plain in set(siblings):
        raise RedrawingRefused(
            _("There is already a division called %(name)s beside it: give another name.")
            % {"name": plain}
        )
    return plain


def check_parts(parts: Sequence[Part], *, code: str, heir: str, taken: Collection[str]) -> None:
    """Raise RedrawingRefused unless a division can be split into these parts."""
    codes = [part.code for part in parts]
    if len(parts) < 2 or len(set(codes)) != len(codes):
        raise RedrawingRefused(_("A split needs two parts or more, each with a code of its own."))
    if heir not in codes:
        raise RedrawingRefused(_("Say which of the parts takes what nobody dealt out."))
    check_together([code, *codes])
    for part in parts:
        if part.code != code:
            check_new_code(part.code, like=code, taken=taken)
    given = [member for part in parts for member in part.members]
    if twice := sorted({member for member in given if given.count(member) > 1}):
        raise RedrawingRefused(
            _("%(member)s is given to two parts: leave it in one.") % {"member": twice[0]}
        )


# -------------------------------------------------------------------------------------------- codes


def renumbered(codes: Iterable[str], *, old: str, new: str, taken: Collection[str]) -> list[Move]:
    """Return the moves of a division and all in it when it gets another code, from the top down."""
    kept = len(prefix_of(old))
    moves = [(code, prefix_of(new)[:kept] + code[kept:]) for code in sorted(codes)]
    for _old, code in moves:
        if code in taken:
            raise RedrawingRefused(
                _("The code %(code)s is taken, or was: codes are not used again.") % {"code": code}
            )
    return moves


def gathered(villages: Iterable[str], *, town: str, taken: Collection[str]) -> list[Move]:
    """Return the moves of villages into a town: each keeps its last digits where they are free."""
    used = set(taken)
    moves = []
    for village in sorted(villages):
        code = free_code(town, serial=int(village[Level.TOWN :]), taken=used)
        used.add(code)
        moves.append((village, code))
    return moves


def free_code(town: str, *, serial: int, taken: Collection[str]) -> str:
    """Return the code of a village in a town, with this serial or the next that is free.

    Communities are numbered from 001, villages from 200; a code stays on its side.
    """
    first, last = (200, LAST_SERIAL) if serial >= 200 else (1, 199)
    for number in (serial, *range(first, last + 1)):
        code = f"{town[: Level.TOWN]}{number:03d}"
        if code not in taken:
            return code
    raise RedrawingRefused(_("The town %(town)s has no free village code left.") % {"town": town})


def followers(moves: Iterable[Sequence[str]]) -> dict[str, list[str]]:
    """Return for each old code the codes that follow it, the heir first."""
    found: dict[str, list[str]] = defaultdict(list)
    for old, new in moves:
        found[old].append(new)
    return dict(found)


# ------------------------------------------------------------------------------------------ figures


def summed(rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the figures of a division merged from these."""
    parts = list(rows)
    return {name: sum(row[name] for row in parts) for name in FIGURES}


def dealt_out(
    whole: Mapping[str, Any], parts: Sequence[Part], *, heir: str
) -> dict[str, dict[str, Any]]:
    """Return the figures of each part; together they are those of the whole.

    The heir's are what the others leave. Raises RedrawingRefused when they leave less than none.
    """
    found = {
        part.code: {name: part.figures.get(name, 0) for name in FIGURES}
        for part in parts
        if part.code != heir
    }
    rest = {name: whole[name] - sum(each[name] for each in found.values()) for name in FIGURES}
    if any(
        value < 0 for value in (*rest.values(), *(v for e in found.values() for v in e.values()))
    ):
        raise RedrawingRefused(
            _("The parts have more people, households or area than the whole: check the figures.")
        )
    return found | {heir: rest}
