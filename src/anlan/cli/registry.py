"""`anlan registry …`: the register from and into spreadsheets, and what is missing in it."""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table as Grid

from anlan.cli import divisions, gaps, limits
from anlan.cli.scopes import seeing
from anlan.kernel import clock, journal
from anlan.kernel.actors import Actor
from anlan.kernel.sheets.unusable import UnusableFile
from anlan.kernel.tables.drafts import RowState
from anlan.kernel.tables.outgoing import faults_of, rows_to_mend, table_rows, table_template
from anlan.kernel.tables.revisions import PlanOutOfDate
from anlan.kernel.tables.showing import Sought, all_records
from anlan.kernel.tables.table import NoSuchTable, Table, table_named, tables
from anlan.kernel.tables.undoing import CannotUndo
from anlan.registry.actions.carry_out_import import carry_out_import
from anlan.registry.actions.look_through_sheet import look_through_sheet
from anlan.registry.actions.receive_sheet import receive_sheet
from anlan.registry.actions.show_personal import show_personal
from anlan.registry.actions.undo_import import undo_import
from anlan.registry.data import ImportMode, ImportState
from anlan.registry.keeping import (
    ImportNotReady,
    SheetPlan,
    allowed_within,
    everywhere_allowed,
    plan_sheet,
)
from anlan.registry.models import SheetImport

app = typer.Typer(
    help="The register: people, places, duties, and their spreadsheets.", no_args_is_help=True
)
console = Console()
OPERATOR = Actor(label="operator:command line")
SHOWN = 40

TableName = Annotated[str, typer.Option("--table", help="The table; its headings tell it mostly.")]
County = Annotated[str, typer.Option("--county", help="Only this county, by its code.")]


def refuse(sentence: str) -> typer.Exit:
    """Say in one sentence why nothing was done."""
    typer.echo(sentence, err=True)
    return typer.Exit(1)


def named(name: str) -> Table:
    """Return a table by name, or end with the names that there are."""
    try:
        return table_named(name)
    except NoSuchTable:
        names = ", ".join(table.name for table in tables())
        raise refuse(f"There is no table “{name}”. There are: {names}.") from None


@app.command("tables")
def list_tables() -> None:
    """List the tables of the register with their columns."""
    grid = Grid("table", "", "columns")
    for table in tables():
        grid.add_row(table.name, str(table.label), "、".join(str(c.label) for c in table.columns))
    console.print(grid)


@app.command("import")
def take_sheet(
    file: Annotated[Path, typer.Argument(help="An .xlsx, .xls or .csv file.")],
    table: TableName = "",
    county: County = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what it would do; write nothing.")
    ] = False,
    good_rows: Annotated[
        bool, typer.Option("--good-rows", help="Write the good rows although others are bad.")
    ] = False,
    bad_to: Annotated[
        Path | None,
        typer.Option("--bad-rows", help="Write the bad rows, with reasons, to this .xlsx."),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print counts and bad cells as JSON.")
    ] = False,
) -> None:
    """Take a spreadsheet into the register: every bad cell is named, nothing is half written."""
    chosen = named(table) if table else None
    try:
        content = file.read_bytes()
    except OSError as error:
        raise refuse(f"{file} cannot be read: {error.strerror}.") from None
    allowed = allowed_within([county]) if county else everywhere_allowed
    with seeing(county), progress_bar() as told:
        try:
            found = plan_sheet(
                file.name, content, table=chosen, tables=tables(), allowed=allowed, told=told
            )
        except UnusableFile as error:
            raise refuse(f"{file.name}: {error}") from None
    if as_json:
        print(json.dumps(account_of(found), ensure_ascii=False, indent=1))
    else:
        print_account(found)
    if bad_to is not None and not found.plan.is_clean:
        bad_to.write_bytes(
            rows_to_mend(found.intake, faults_of(found.plan.drafts), created=naive(clock.now()))
        )
        console.print(f"Bad rows with their reasons: {bad_to}")
    if dry_run:
        raise typer.Exit(0 if found.plan.is_clean else 2)
    if not found.plan.is_clean and not good_rows:
        raise refuse(
            "Nothing was written: mend the bad rows, or take the good ones with --good-rows."
        )
    carry_out(file.name, content, found, county=county, good_rows=good_rows)


def carry_out(name: str, content: bytes, found: SheetPlan, *, county: str, good_rows: bool) -> None:
    """Write what the sheet says, as an import that can be taken back."""
    now = clock.now()
    with seeing(county):
        uuid = receive_sheet(
            content,
            file_name=name,
            table=found.intake.table,
            codes=[county] if county else [],
            by=OPERATOR,
            now=now,
        )
        look_through_sheet(uuid, by=OPERATOR, now=now, found=found)
        mode = ImportMode.GOOD_ROWS if good_rows else ImportMode.ALL
        try:
            row = carry_out_import(uuid, mode=mode, by=OPERATOR, now=now)
        except (ImportNotReady, PlanOutOfDate) as error:
            raise refuse(str(error)) from None
    if row.state != ImportState.DONE:
        raise refuse(row.message)
    console.print(f"Written. To take it back: anlan registry undo {uuid}")


def account_of(found: SheetPlan) -> dict[str, object]:
    """Return the counts and the bad cells of a sheet as plain values."""
    places = list(found.intake.places())
    bad = [
        {
            "sheet": places[number][0].grid.name,
            "cell": found.intake.cell(*places[number], column=column),
            "row": found.plan.drafts[number].number,
            "column": column,
            "sentence": sentence,
        }
        for number, faults in faults_of(found.plan.drafts).items()
        for column, sentence in faults
    ]
    return {
        "table": found.intake.table.name,
        "rows": found.intake.total,
        **{state.value: count for state, count in found.plan.counts().items()},
        "passed_over": found.intake.skipped,
        "left_out_sheets": list(found.intake.left_out),
        "unread_columns": list(found.intake.unknown),
        "bad_cells": bad,
    }


def print_account(found: SheetPlan) -> None:
    """Print what a sheet would do, and its bad cells."""
    counts = found.plan.counts()
    said = ", ".join(f"{counts[state]:,} {state.value}" for state in RowState)
    console.print(f"{found.intake.table.label} ({found.intake.table.name}): {said}.")
    if found.intake.left_out:
        console.print(f"Sheets left out: {'、'.join(found.intake.left_out)}.")
    if found.intake.unknown:
        console.print(f"Columns not read: {'、'.join(found.intake.unknown)}.")
    faults = faults_of(found.plan.drafts)
    if not faults:
        return
    places = list(found.intake.places())
    grid = Grid("sheet", "cell", "column", "what is wrong")
    for number in list(faults)[:SHOWN]:
        sheet, index = places[number]
        for column, sentence in faults[number]:
            label = found.intake.table.by_name[column].label if column else ""
            cell = (
                found.intake.cell(sheet, index, column) or f"row {found.plan.drafts[number].number}"
            )
            grid.add_row(sheet.grid.name, cell, str(label), sentence)
    console.print(grid)
    if len(faults) > SHOWN:
        console.print(
            f"and {len(faults) - SHOWN:,} more bad rows; --bad-rows FILE writes them all."
        )


@app.command("undo")
def undo(
    uuid: Annotated[UUID, typer.Argument(help="The import, as the import command named it.")],
) -> None:
    """Take back the last import of a table."""
    with seeing(""):
        try:
            row = undo_import(str(uuid), by=OPERATOR, now=clock.now())
        except SheetImport.DoesNotExist:
            raise refuse(f"There is no import {uuid}.") from None
        except (ImportNotReady, CannotUndo, ValueError) as error:
            raise refuse(str(error)) from None
    console.print(f"Taken back: {row.file_name}.")


@app.command("export")
def export(
    table: Annotated[str, typer.Argument(help="The table; `anlan registry tables` lists them.")],
    to: Annotated[
        Path | None, typer.Option("--to", help="The .xlsx to write; else TABLE.xlsx here.")
    ] = None,
    county: County = "",
    in_full: Annotated[
        bool, typer.Option("--in-full", help="Numbers of persons in full; each is journalled.")
    ] = False,
) -> None:
    """Write a table of the register to a workbook."""
    chosen = named(table)
    path = to or Path(f"{table}.xlsx")
    with seeing(county):
        found = all_records(chosen, Sought())
        if in_full and chosen.personal:
            kept = list(found)
            show_personal(
                chosen,
                shown=kept,
                columns=chosen.personal,
                way="command",
                by=OPERATOR,
                now=clock.now(),
            )
            found = iter(kept)
        journal.record(
            "sheet.exported",
            by=OPERATOR,
            now=clock.now(),
            subject=f"table:{table}",
            division_code=county,
            detail={"in_full": in_full},
        )
        with path.open("wb") as out:
            for piece in table_rows(chosen, found, in_full=in_full, created=naive(clock.now())):
                out.write(piece)
    console.print(f"Written: {path}")


@app.command("template")
def write_template(
    table: Annotated[str, typer.Argument(help="The table; `anlan registry tables` lists them.")],
    to: Annotated[
        Path | None, typer.Option("--to", help="The .xlsx to write; else TABLE-template.xlsx.")
    ] = None,
) -> None:
    """Write the empty workbook of a table, with drop-downs and explanations."""
    path = to or Path(f"{table}-template.xlsx")
    path.write_bytes(table_template(named(table), created=naive(clock.now())))
    console.print(f"Written: {path}")


def naive(moment: datetime) -> datetime:
    """Return a moment as workbooks date themselves."""
    return timezone.make_naive(moment)


class progress_bar:
    """A progress bar on the error stream, fed with the share that is done."""

    def __init__(self) -> None:
        self.bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
        )

    def __enter__(self) -> "progress_bar":
        self.bar.start()
        self.task = self.bar.add_task("Looking through", total=1.0)
        return self

    def __call__(self, share: float) -> None:
        self.bar.update(self.task, completed=share)

    def __exit__(self, *error: object) -> None:
        self.bar.stop()


for command in (
    gaps.gaps,
    gaps.who,
    limits.limits,
    limits.limit,
    divisions.boundaries,
    divisions.rename,
    divisions.recode,
    divisions.merge,
    divisions.split,
    divisions.history,
):
    app.command()(command)
