"""`anlan demo`: a district lives through a storm, then the pages are served."""

import contextlib
import json
import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from anlan.cli.environment import DEMO_DOOR
from anlan.demo.accounts import PASSWORD, demo_accounts
from anlan.demo.data import DemoResult
from anlan.demo.run import run_demo
from anlan.demo.storm import HOURS
from anlan.kernel.scope import everywhere

PORT = 8000
VARIABLES_OF_A_DRILL = ("ANLAN_DRILL", "ANLAN_SQLITE_SYNCHRONOUS")


def demo(
    no_serve: Annotated[bool, typer.Option("--no-serve", help="Stop after the report.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
    hours: Annotated[int, typer.Option(help="How many hours of the storm.", min=1)] = HOURS,
) -> None:
    """Build the BB district, replay the storm over it, print the report and serve the pages."""
    console = Console(stderr=as_json)
    path = Path(settings.DATABASES["default"]["NAME"])
    start_afresh(path)
    console.print(f"Building the BB district in {path.name} and replaying {hours} hours of storm.")
    with Progress(
        TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn(), console=console
    ) as bar:
        task = bar.add_task("Storm", total=1.0)
        result = run_demo(hours=hours, progress=lambda share: bar.update(task, completed=share))
    if as_json:
        print(json.dumps(result.as_document(), ensure_ascii=False, indent=1))
    else:
        print_report(result, console=console)
    if not no_serve:
        tell_accounts(console)
        serve_file(path)


def start_afresh(path: Path) -> None:
    """Remove the demo's own file, if there is one, and make an empty database in its place."""
    connection.close()
    path.parent.mkdir(parents=True, exist_ok=True)
    for ending in ("", "-wal", "-shm"):
        with contextlib.suppress(FileNotFoundError):
            Path(f"{path}{ending}").unlink()
    call_command("migrate", interactive=False, verbosity=0)


def serve_file(path: Path) -> None:
    """Become `anlan serve` on the demo's file, with the real clock and no drill about it."""
    environment = {k: v for k, v in os.environ.items() if k not in VARIABLES_OF_A_DRILL}
    environment |= DEMO_DOOR | {"ANLAN_DATABASE_URL": f"sqlite:///{path}"}
    connection.close()
    os.execve(
        sys.executable,
        [sys.executable, "-m", "anlan", "serve", "--port", str(PORT)],
        environment,
    )


def tell_accounts(console: Console) -> None:
    """Say who can log in."""
    table = Table(title=f"http://127.0.0.1:{PORT}   password: {PASSWORD}")
    table.add_column("user")
    table.add_column("role")
    table.add_column("division")
    with everywhere("demo accounts"):
        for account in demo_accounts():
            table.add_row(account.username, account.role.value, account.division_code)
    console.print(table)


ROWS: tuple[tuple[str, str], ...] = (
    ("first_exceedance_at", "first threshold crossed"),
    ("first_warning_at", "first warning"),
    ("first_acknowledged_at", "first answer"),
    ("warnings", "warnings issued"),
    ("warn_median_min", "crossing to warning, median min"),
    ("summons", "people called"),
    ("acknowledged_share", "share that answered"),
    ("acknowledged_in_time_share", "share answered by the person in time"),
    ("ack_median_min", "call to answer, median min"),
    ("ack_p95_min", "call to answer, 95th percentile min"),
    ("people_at_risk", "people told to leave"),
    ("people_moved", "people at shelters"),
    ("evacuated_median_min", "order to shelter, median min"),
    ("people_not_out_before_peak", "people not out before the peak"),
    ("tasks", "tasks opened"),
    ("tasks_on_time", "tasks done on time"),
)


def print_report(result: DemoResult, *, console: Console) -> None:
    """Print the one-page report: the district beside its hardest-hit towns, and what must hold."""
    report = result.report
    if report is None:
        console.print("No threshold was crossed in these hours, so there is no incident to report.")
        return
    towns = sorted(report["towns"], key=lambda town: -(town["people_at_risk"] or 0))[:3]
    table = Table(title=report["incident"]["name"])
    table.add_column("")
    table.add_column("district", justify="right")
    for town in towns:
        table.add_column(town["name"], justify="right")
    for key, label in ROWS:
        table.add_row(label, *(_shown(part[key]) for part in (report["district"], *towns)))
    console.print(table)
    rungs = ", ".join(f"{k} {v:,}" for k, v in report["district"]["escalations"].items())
    console.print(f"Rungs rung: {rungs}.")
    for name, holds in report["invariants"].items():
        if isinstance(holds, bool):
            console.print(f"{'holds ' if holds else 'BROKEN'} {name.replace('_', ' ')}")
    count = result.replay
    console.print(
        f"{count.frames:,} frames, {count.readings:,} readings, {count.faults} damaged frames, "
        f"{count.tasks:,} tasks; {result.cost['replay_cpu_s']} s of CPU, "
        f"{result.cost['memory_mb']} MB."
    )


def _shown(value: Any) -> str:
    if value is None:
        return "no data"
    if isinstance(value, str):
        return value[5:16].replace("T", " ")
    return f"{value:,}"
