"""Measure taking in 100,000 rows against the bare library reading the same file and a bulk insert.

    PYTHONPATH=src:bench python bench/registry_import.py [rows=100000] [table …]
    python -m scripts.with_postgres -- python bench/registry_import.py

For people, households and geohazard points, each in a process and a database of its own:

* bare: python-calamine reads the file, Django's bulk_create writes the same rows of the same
  models, encryption and digests of numbers included, no check beyond a dictionary's;
* web: what the pages do: receive, look through, look through again and carry out;
* command: `anlan registry import` itself, without the start of its process;
* again: the same file once more, nothing changed; changed: one column of every row changed.

Limit: the rate of web and command at least 0.3 of bare's, in the same process, the mean of the two
last runs of the peer. `lock` is the time inside the writing transaction, `silent` the longest time
without word of progress; the command tells its own bar, and its `silent` says nothing.
"""

import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from throwaway import own_database, peak_mb, vendor

LIMIT = 0.3
NAMES = ("people", "households", "hazard-points")


class Watch:
    """Notes what the program says of its progress and how long it holds the write lock."""

    def __init__(self) -> None:
        self.begin = self.last = time.perf_counter()
        self.silent = self.lock = 0.0
        self.where = ""
        self.share = 0.0
        self.moments: list[tuple[float, float]] = []

    def told(self, share: float) -> None:
        """Hear the share of the work that is done."""
        now = time.perf_counter()
        self.moments.append((now - self.begin, share))
        if now - self.last > self.silent:
            self.silent, self.where = now - self.last, f"{self.share:.2f}-{share:.2f}"
        self.last, self.share = now, share

    def end(self) -> float:
        """Return the seconds since the start."""
        self.told(1.0)
        return time.perf_counter() - self.begin


def lock_watched(watch: Watch) -> Any:
    """Return what measures how long the transaction that writes the table holds its lock.

    SQLite locks when the transaction begins, PostgreSQL with the first row that is written.
    """
    from django.db import connection

    begun = [0.0]

    def ended() -> None:
        watch.lock = time.perf_counter() - begun[0]

    def wrap(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        begin = time.perf_counter()
        if sql.startswith("BEGIN"):
            begun[0] = begin
        # The count of a table's writes is the first thing written.
        if sql.startswith('UPDATE "kernel_tablerevision"'):
            if vendor() == "postgresql":
                begun[0] = begin
            connection.run_on_commit.append((set(), ended, False))
        return execute(sql, params, many, context)

    return connection.execute_wrapper(wrap)


def bare(sheet: Any, content: bytes, known: Any) -> float:
    """Read with the library and write with Django; return the seconds."""
    import io

    from django.db import transaction
    from python_calamine import CalamineWorkbook

    begin = time.perf_counter()
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
        rows = book.get_sheet_by_index(0).to_python()
    with transaction.atomic():
        sheet.bare(rows[1:], known)
    return time.perf_counter() - begin


def by_web(sheet: Any, content: bytes) -> Watch:
    """Take a file in as the pages do."""
    from anlan.kernel import clock
    from anlan.kernel.tables.table import table_named
    from anlan.registry.actions.carry_out_import import carry_out_import
    from anlan.registry.actions.look_through_sheet import look_through_sheet
    from anlan.registry.actions.receive_sheet import receive_sheet
    from anlan.registry.data import ImportMode, ImportState

    by, now = _who(), clock.now()
    watch = Watch()
    with lock_watched(watch):
        uuid = receive_sheet(
            content,
            file_name="表.xlsx",
            table=table_named(sheet.table),
            codes=["110101000000"],
            by=by,
            now=now,
        )
        watch.told(0)
        watch.received = watch.last - watch.begin
        look_through_sheet(uuid, by=by, now=now, told=watch.told)
        watch.told(1)
        watch.looked = watch.last - watch.begin
        row = carry_out_import(uuid, mode=ImportMode.ALL, by=by, now=now, told=watch.told)
    watch.seconds = watch.end()
    assert row.state == ImportState.DONE, (row.state, row.message, row.faults[:1500])
    watch.counts = (row.new_rows, row.changed_rows, row.unchanged_rows)
    return watch


def by_command(sheet: Any, content: bytes) -> Watch:
    """Take a file in by the command."""
    from pathlib import Path
    from tempfile import TemporaryDirectory

    from anlan.cli.registry import take_sheet
    from anlan.registry.data import ImportState
    from anlan.registry.models import SheetImport

    with TemporaryDirectory() as folder:
        path = Path(folder) / "表.xlsx"
        path.write_bytes(content)
        watch = Watch()
        with lock_watched(watch):
            take_sheet(path, table=sheet.table)
        watch.seconds = watch.end()
    row = SheetImport.objects.latest("pk")
    assert row.state == ImportState.DONE, (row.state, row.message, row.faults[:1500])
    watch.silent = 0.0  # the command tells its own bar
    watch.counts = (row.new_rows, row.changed_rows, row.unchanged_rows)
    return watch


def _who() -> Any:
    from anlan.kernel.actors import the_program

    return the_program("measurement")


def empty(sheet: Any, floor: dict[str, int]) -> None:
    """Delete what an import wrote."""
    from anlan.registry import models

    for model in (models.Duty, models.Household, models.HazardPoint, models.Place, models.Person):
        rows = model._base_manager.filter(pk__gt=floor[model.__name__])
        rows._raw_delete(rows.db)
    models.ImportedChunk.objects.all().delete()
    models.SheetImport.objects.all().delete()


def _last_key(model: Any) -> int:
    return model._base_manager.order_by("-pk").values_list("pk", flat=True).first() or 0


def measure(name: str, count: int) -> None:
    """Print the figures of one table, in this process."""
    with own_database():
        from first_county import FirstCounty
        from many_counties import settle
        from many_sheets import SHEETS, Known

        from anlan.kernel.scope import everywhere
        from anlan.registry import models

        sheet = next(each for each in SHEETS if each.table == name)
        with everywhere("measurement"):
            county = FirstCounty()
            county.write()
            settle()
            known = Known.of(county)
            rows = sheet.rows(count, known)
            content = sheet.workbook(rows)
            changed = list(map(list, rows))
            for row in changed:
                row[sheet.changes] = f"{row[sheet.changes]}改"
            changed_content = sheet.workbook(changed)
            del changed, rows
            watched = (
                models.Duty,
                models.Household,
                models.HazardPoint,
                models.Place,
                models.Person,
            )
            floor = {m.__name__: _last_key(m) for m in watched}
            settle()
            print(f"{name} on {vendor()}: {count:,} rows, {len(content) / 1e6:.1f} MB")
            peers = []

            def peer() -> None:
                peers.append(bare(sheet, content, known))
                empty(sheet, floor)
                settle()

            ways: list[tuple[str, Callable[[], Watch], bool]] = [
                ("web", lambda: by_web(sheet, content), True),
                ("command", lambda: by_command(sheet, content), False),
                ("again", lambda: by_web(sheet, content), False),
                ("changed", lambda: by_web(sheet, changed_content), True),
            ]
            peer()
            before = peak_mb()
            for way, run, clear in ways:
                if way in ("web", "command"):
                    peer()
                show(way, run(), sum(peers[-2:]) / len(peers[-2:]), count=count)
                if way == "web":
                    print(f"  memory {before:.0f} MB after bare, {peak_mb():.0f} MB after web")
                if clear:
                    empty(sheet, floor)
                    settle()
            print(f"  bare {', '.join(f'{each:.1f}' for each in peers)} s")


def show(way: str, watch: Any, peer: float, *, count: int) -> None:
    """Print one way's figures."""
    looked = getattr(watch, "looked", 0.0)
    received = getattr(watch, "received", 0.0)
    ratio = peer / watch.seconds
    verdict = "" if ratio >= LIMIT else f"  BELOW {LIMIT}"
    print(
        f"  {way:8} {watch.seconds:6.1f} s  {count / watch.seconds:7,.0f} rows/s"
        f"  {ratio:.2f} x bare ({peer:.1f} s){verdict}"
        f"  receive {received:.1f} look {looked - received:.1f} carry {watch.seconds - looked:.1f}"
        f"  lock {watch.lock:.1f}  silent {watch.silent:.1f} at {watch.where}"
        f"  new/changed/same {watch.counts}",
        flush=True,
    )


def main(arguments: list[str]) -> None:
    """Measure each table in a process of its own, so that memory is that table's."""
    count = int(arguments[0]) if arguments else 100_000
    names = arguments[1:] or list(NAMES)
    if len(names) == 1:
        measure(names[0], count)
        return
    for name in names:
        subprocess.run([sys.executable, __file__, str(count), name], check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
