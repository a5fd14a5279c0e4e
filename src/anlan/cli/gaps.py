"""`anlan registry gaps` and `anlan registry who`: what is missing, and who answers."""

import json
from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Annotated, Any

import typer
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from rich.console import Console
from rich.table import Table

from anlan.kernel import clock
from anlan.kernel.codes import InvalidDivisionCode, check_code
from anlan.kernel.scope import everywhere
from anlan.registry.checks.words import Gap, GapKind
from anlan.registry.data import Hazard, PlaceOutOfSight
from anlan.registry.queries.answers import Step, place_asked, steps_for
from anlan.registry.queries.gaps import Survey, gap_survey


def gaps(
    county: Annotated[str, typer.Option(help="The 12-digit code of a county.")] = "",
    town: Annotated[str, typer.Option(help="The 12-digit code of a town.")] = "",
    kind: Annotated[
        list[GapKind] | None, typer.Option(help="Only these kinds; may be repeated.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the gaps as JSON.")] = False,
) -> None:
    """List every place with no reachable person, the empty posts and all else that is missing."""
    narrowed = town or county
    if narrowed:
        _check(narrowed)
    with everywhere("anlan registry gaps"):
        found = gap_survey([narrowed] if narrowed else None, at=clock.now(), kinds=kind or None)
    if as_json:
        print(json.dumps([_document(gap) for gap in found.gaps], ensure_ascii=False, indent=1))
    else:
        _print_gaps(found, console=Console())


def who(
    place: Annotated[str, typer.Argument(help="A division's 12 digits, or a place's uuid or key.")],
    hazard: Annotated[Hazard, typer.Option(help="In which hazard.")] = Hazard.FLASH_FLOOD,
    at: Annotated[str, typer.Option(help="When, as 2026-07-15T02:00; now by default.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the steps as JSON.")] = False,
) -> None:
    """Show who answers for a place in a hazard at a time, with everybody behind them."""
    moment = _moment(at) if at else clock.now()
    with everywhere("anlan registry who"):
        try:
            asked = place_asked(place)
            ladders = steps_for(place, hazard=hazard, at=moment)
        except PlaceOutOfSight:
            raise typer.BadParameter(f"no division and no place is known as {place!r}") from None
    if as_json:
        document = [[_step_document(step) for step in ladder] for ladder in ladders]
        print(json.dumps(document, ensure_ascii=False, indent=1))
        return
    table = Table("step", "person", "duty", "phone", title=f"{asked.name} · {hazard.label}")
    for ladder in ladders:
        for step in ladder:
            table.add_row(str(step.number), step.name, str(step.duty.label), step.masked)
        table.add_section()
    Console().print(table)
    if not ladders:
        Console().print("Nobody answers for it, and nobody stands above it.")


def _print_gaps(found: Survey, *, console: Console) -> None:
    names = found.names
    for town, of_town in groupby(found.gaps, key=lambda gap: gap.town_code or gap.division_code):
        rows = list(of_town)
        table = Table(title=f"{names.get(town, town)}: {len(rows)}", title_justify="left")
        for heading in ("weight", "village", "what", "since", "what is wrong"):
            table.add_column(heading)
        for gap in rows:
            table.add_row(*_cells(gap, names=names, town=town))
        console.print(table)
    console.print(_summary(found.gaps))


def _cells(gap: Gap, *, names: dict[str, str], town: str) -> tuple[str, ...]:
    village = names.get(gap.division_code, "") if gap.division_code != town else ""
    since = gap.since.isoformat() if gap.since else ""
    return (
        str(gap.severity.label),
        village,
        f"{gap.subject}\n{gap.kind.label}",
        since,
        gap.sentence,
    )


def _summary(gaps_found: Sequence[Gap]) -> str:
    if not gaps_found:
        return "Nothing is missing."
    counted = {kind: sum(gap.kind is kind for gap in gaps_found) for kind in GapKind}
    parts = [f"{kind.label} {count:,}" for kind, count in counted.items() if count]
    return f"{len(gaps_found):,} gaps: {', '.join(parts)}."


def _document(gap: Gap) -> dict[str, Any]:
    return {
        "kind": gap.kind.value,
        "severity": gap.severity.name.lower(),
        "division": gap.division_code,
        "town": gap.town_code,
        "subject": gap.subject,
        "table": gap.table,
        "uuid": gap.uuid,
        "since": gap.since.isoformat() if gap.since else None,
        "sentence": gap.sentence,
        "next_step": gap.next_step,
    }


def _step_document(step: Step) -> dict[str, Any]:
    return {
        "step": step.number,
        "person": step.name,
        "duty": step.duty.value,
        "phone": step.masked,
    }


def _check(code: str) -> None:
    try:
        check_code(code)
    except InvalidDivisionCode as error:
        raise typer.BadParameter(str(error)) from None


def _moment(text: str) -> datetime:
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None:
        raise typer.BadParameter(f"{text!r} is no moment; write 2026-07-15T02:00")
    return timezone.make_aware(found) if timezone.is_naive(found) else found
