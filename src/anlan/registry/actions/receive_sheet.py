import hashlib
from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from django.db import transaction

from anlan.kernel.actors import Actor
from anlan.kernel.encryption import encrypt_bytes
from anlan.kernel.sheets.reading import open_book
from anlan.kernel.tables.intake import take_in
from anlan.kernel.tables.table import Table
from anlan.registry.data import ImportState
from anlan.registry.models import SheetImport


@transaction.atomic
def receive_sheet(
    content: bytes,
    *,
    file_name: str,
    table: Table,
    codes: Sequence[str],
    by: Actor,
    now: datetime,
) -> str:
    """Keep an uploaded spreadsheet until it has been looked through, and return its uuid.

    `codes` are the divisions in which the importer may write. Raises UnusableFile with a sentence
    when the file is none that can be read or has no headings of the table; then nothing is kept.
    """
    intake = take_in(open_book(file_name, content), table)
    row = SheetImport.objects.create(
        uuid=uuid4(),
        table=table.name,
        file_name=file_name[-200:],
        file_digest=hashlib.sha256(content).hexdigest(),
        content=encrypt_bytes(content),
        account_id=by.account_id,
        by=by.label,
        codes=list(codes),
        state=ImportState.READING,
        total_rows=intake.total,
        created_at=now,
    )
    return str(row.uuid)
