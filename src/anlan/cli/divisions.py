"""`anlan registry …` for divisions: boundaries, renames, recodings, mergers, splits, history."""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from django.utils import timezone
from rich.console import Console
from rich.table import Table

from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.kernel.codes import InvalidDivisionCode, UnknownDivision
from anlan.kernel.scope import everywhere
from anlan.registry.actions.merge_divisions import merge_divisions
from anlan.registry.actions.recode_division import recode_division
from anlan.registry.actions.rename_division import rename_division
from anlan.registry.actions.set_boundaries import set_boundaries
from anlan.registry.actions.split_division import split_division
from anlan.registry.boundaries.features import UnusableBoundaries
from anlan.registry.boundaries.planning import Drawn, Outcome
from anlan.registry.boundaries.reading import check_size
from anlan.registry.boundaries.shapes import TOLERANCE_DEG, UnusableShape
from anlan.registry.data import RedrawingRefused
from anlan.registry.queries.boundaries import boundaries_of_parts, planned_boundaries
from anlan.registry.queries.division_history import code_on, division_history, successors_of
from anlan.registry.redrawing import Part, Redrawing

console = Console()
BY = the_program("command line")
WRITTEN = frozenset({Outcome.NEW, Outcome.CHANGED})
FAILED = (
    RedrawingRefused,
    UnusableBoundaries,
    UnusableShape,
    UnknownDivision,
    InvalidDivisionCode,
    OSError,
    UnicodeError,
    csv.Error,
)

Code = Annotated[str, typer.Argument(help="The 12-digit code of the division.")]
Day = Annotated[
    datetime | None,
    typer.Option("--on", formats=["%Y-%m-%d"], help="The day from which it holds; else today."),
]
Basis = Annotated[str, typer.Option("--basis", help="The document that decides it (文号).")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would happen, write nothing.")]


def boundaries(
    file: Annotated[Path, typer.Argument(help="GeoJSON, or a Shapefile packed in a .zip.")],
    dry_run: DryRun = False,
    tolerance: Annotated[
        float, typer.Option(help="How far an edge may move to save corners, in degrees.")
    ] = TOLERANCE_DEG,
) -> None:
    """Give divisions their boundaries from a file; other coordinate systems are brought to ours."""
    with told():
        check_size(file.stat().st_size)
        found = planned_boundaries(file.read_bytes(), file_name=file.name, tolerance_deg=tolerance)
        print_drawn(found)
        if not dry_run:
            drawn = {each.code: each.boundary for each in found if each.outcome in WRITTEN}
            set_boundaries(_known(drawn), source=file.name, by=BY, now=clock.now())
    if any(each.outcome in (Outcome.UNMATCHED, Outcome.BAD) for each in found):
        raise typer.Exit(2)


def rename(
    code: Code,
    name: Annotated[str, typer.Argument(help="The new name.")],
    basis: Basis,
    on: Day = None,
    dry_run: DryRun = False,
) -> None:
    """Give a division another name."""
    with told():
        print_redrawing(rename_division(code, name=name, **_paper(basis, on=on, dry_run=dry_run)))


def recode(
    code: Code,
    new_code: Annotated[str, typer.Argument(help="The new 12-digit code.")],
    basis: Basis,
    on: Day = None,
    dry_run: DryRun = False,
) -> None:
    """Give a division, and all in it, another code; every row goes along."""
    with told():
        paper = _paper(basis, on=on, dry_run=dry_run)
        print_redrawing(recode_division(code, new_code=new_code, **paper))


def merge(
    codes: Annotated[list[str], typer.Argument(help="The codes of the divisions to merge.")],
    into: Annotated[str, typer.Option(help="The code of one of them, or a new code.")],
    basis: Basis,
    name: Annotated[str, typer.Option(help="The name of the merged division.")] = "",
    on: Day = None,
    dry_run: DryRun = False,
) -> None:
    """Merge towns, or villages, of one county."""
    with told():
        paper = _paper(basis, on=on, dry_run=dry_run)
        print_redrawing(merge_divisions(codes, into=into, name=name, **paper))


def split(
    code: Code,
    part: Annotated[list[str], typer.Option(help="CODE=NAME of a part; give two or more.")],
    heir: Annotated[str, typer.Option(help="The part that takes what nobody dealt out.")],
    basis: Basis,
    members: Annotated[
        Path | None, typer.Option(help="CSV of uuid (or village code), code of its part.")
    ] = None,
    areas: Annotated[
        Path | None, typer.Option("--boundaries", help="File with the boundaries of the parts.")
    ] = None,
    on: Day = None,
    dry_run: DryRun = False,
) -> None:
    """Split a town or a village; one part may keep the code."""
    with told():
        names = dict(_pair(text) for text in part)
        dealt = _members(members) if members else {}
        drawn = (
            boundaries_of_parts(areas.read_bytes(), file_name=areas.name, names=names)
            if areas
            else {}
        )
        parts = [
            Part(each, name, members=frozenset(dealt.get(each, ())), boundary=drawn.get(each))
            for each, name in names.items()
        ]
        paper = _paper(basis, on=on, dry_run=dry_run)
        print_redrawing(split_division(code, parts=parts, heir=heir, **paper))


def history(
    code: Code,
    day: Annotated[
        datetime | None,
        typer.Option("--on", formats=["%Y-%m-%d"], help="Say which code it had on this day."),
    ] = None,
) -> None:
    """Print what a division was called and which codes it had."""
    with told():
        table = Table("day", "what", "from", "to", "basis")
        for step in division_history(code):
            before, after = f"{step.from_code} {step.from_name}", f"{step.to_code} {step.to_name}"
            table.add_row(f"{step.on}", str(step.kind.label), before, after, step.basis)
        console.print(table)
        if day is not None:
            console.print(f"On {day:%Y-%m-%d}: {', '.join(code_on(code, day.date()))}")
        console.print(f"Today: {', '.join(successors_of(code)) or 'nothing'}")


@contextmanager
def told() -> Iterator[None]:
    """See every division; a refusal ends in its sentence."""
    try:
        with everywhere("command line"):
            yield
    except FAILED as error:
        console.print(str(error), highlight=False, soft_wrap=True)
        raise typer.Exit(1) from None


def print_drawn(found: list[Drawn]) -> None:
    """Print how many features had which outcome, and what somebody should look at."""
    counted = Counter(each.outcome for each in found)
    console.print("  ".join(f"{outcome.value} {counted[outcome]}" for outcome in Outcome))
    table = Table("no.", "feature", "", "why")
    for each in found:
        if each.reason or each.notice:
            table.add_row(
                f"{each.number}", each.label, each.outcome.value, each.reason or each.notice
            )
    if table.row_count:
        console.print(table)


def print_redrawing(found: Redrawing) -> None:
    """Print what a redrawing does: codes, rows, and what waits for somebody."""
    for old, new in found.moves:
        console.print(f"{old} → {new} {found.names.get(new, '')}", highlight=False, soft_wrap=True)
    if not found.moves:
        console.print(", ".join(found.names.values()), highlight=False, soft_wrap=True)
    for label, count in sorted(found.rows.items()):
        console.print(f"  {label}: {count:,}")
    for sentence in found.decisions:
        console.print(f"! {sentence}", highlight=False, soft_wrap=True)


def _paper(basis: str, *, on: datetime | None, dry_run: bool) -> dict[str, Any]:
    now = clock.now()
    day: date = on.date() if on else timezone.localtime(now).date()
    return {"on": day, "basis": basis, "is_dry_run": dry_run, "by": BY, "now": now}


def _pair(text: str) -> tuple[str, str]:
    code, sign, name = text.partition("=")
    if not sign:
        raise RedrawingRefused(f"{text}: write CODE=NAME")
    return code.strip(), name.strip()


def _members(path: Path) -> dict[str, set[str]]:
    """Return the members of each part from lines of a member and a part's code."""
    found: dict[str, set[str]] = defaultdict(set)
    with path.open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.reader(lines):
            if len(row) >= 2 and row[1].strip().isdigit():
                found[row[1].strip()].add(row[0].strip())
    return found


def _known(drawn: Mapping[str, Any]) -> dict[str, Any]:
    return {code: boundary for code, boundary in drawn.items() if boundary is not None}
