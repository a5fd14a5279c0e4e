"""Measure giving out 100,000 rows as a workbook against bare xlsxwriter writing the same cells.

    PYTHONPATH=src:bench python bench/registry_export.py [rows=100000]
    python -m scripts.with_postgres -- python bench/registry_export.py

The rows are people, numbers masked as on pages. Prints the rate against the peer's, and how
far memory grows beyond what the process held before: the rows are never held together.
"""

import io
import sys
import time
from datetime import datetime

import xlsxwriter
from throwaway import own_database, peak_mb, vendor


def main(count: int) -> None:
    """Write the people, give them out, and print both rates."""
    with own_database():
        from first_county import NOW, FirstCounty
        from many_sheets import PEOPLE, Known

        from anlan.kernel.scope import everywhere

        with everywhere("measurement"):
            county = FirstCounty()
            county.write()
            known = Known.of(county)
            PEOPLE.bare(PEOPLE.rows(count, known), known)
            del known, county
            before = peak_mb()
            seconds, size = give_out(NOW)
            grown = peak_mb() - before
            peer = bare()
    total = count + 2_000
    print(f"{vendor()}: {total:,} people, {size / 1e6:.1f} MB")
    print(f"  {seconds:.1f} s  {total / seconds:,.0f} rows/s")
    print(f"  {peer / seconds:.2f} x bare ({peer:.1f} s)")
    print(f"  memory {grown:.0f} MB more than before")


def give_out(now: datetime) -> tuple[float, int]:
    """Return the seconds and bytes of the export of all people."""
    from anlan.kernel.tables.outgoing import table_rows
    from anlan.kernel.tables.showing import Sought, all_records
    from anlan.kernel.tables.table import table_named

    table = table_named("people")
    begin = time.perf_counter()
    pieces = table_rows(
        table, all_records(table, Sought(with_gone=True)), in_full=False, created=now
    )
    size = sum(len(piece) for piece in pieces)
    return time.perf_counter() - begin, size


def bare() -> float:
    """Return the seconds of reading the same rows from Django and writing them with the library."""
    from anlan.registry.models import Person

    begin = time.perf_counter()
    names = ("name", "division__name", "organization__name", "title", "phone", "second_phone")
    rest = ("id_number", "deputy__name", "phone_checked_on", "left_on", "uuid")
    with xlsxwriter.Workbook(io.BytesIO(), {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        rows = Person.objects.values_list(*names, *rest)
        for number, row in enumerate(rows.iterator(2_000)):
            for column, value in enumerate(row):
                sheet.write(number, column, None if value is None else str(value))
    return time.perf_counter() - begin


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
