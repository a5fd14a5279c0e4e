from datetime import date, datetime

from django.db import transaction

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.monitoring.models import ArchivedMonth
from anlan.monitoring.store import archive


class ArchiveDamaged(RuntimeError):
    """A month's file is not what was written; the month stays in the table."""


@transaction.atomic
def archive_month(month: date, *, by: Actor, now: datetime) -> int:
    """Move a month of readings from the table into its file, and return how many.

    The file is written and read back before anything leaves the table; both the note of the file
    and the dropping of the month are one transaction. Doing it again changes nothing. Raises
    ArchiveDamaged when the file does not hold what was written.
    """
    row = ArchivedMonth.objects.filter(month=month).first()
    if row is not None and row.dropped_at is not None:
        return 0
    name, rows, digest = archive.write_month(month)
    row, _is_new = ArchivedMonth.objects.update_or_create(
        month=month,
        defaults={"file_name": name, "rows": rows, "digest": digest, "written_at": now},
    )
    if not archive.is_whole(row):
        raise ArchiveDamaged(f"{name}: {rows} rows")
    archive.drop_month(month)
    ArchivedMonth.objects.filter(pk=row.pk).update(dropped_at=now)
    journal.record(
        "readings.archived",
        by=by,
        now=now,
        subject=f"month:{month:%Y-%m}",
        detail={"file": name, "rows": rows, "digest": digest},
    )
    return rows
