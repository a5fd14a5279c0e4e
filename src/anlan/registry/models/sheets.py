"""Spreadsheets that were taken in, and what it needs to take them back."""

from typing import ClassVar

from django.db import models

from anlan.kernel.encryption import EncryptedTextField
from anlan.kernel.fields import reference
from anlan.registry.data import ImportMode, ImportState


class SheetImport(models.Model):
    """One spreadsheet on its way into one table: looked through, then written or put aside.

    `content` is the file itself, encrypted, kept until the import is old. `codes` are the
    divisions that the importer could see, `faults` the bad cells as an encrypted JSON list.
    """

    personal_data: ClassVar[tuple[str, ...]] = ("content", "faults")

    uuid = models.UUIDField(unique=True)
    table = models.CharField(max_length=40)
    file_name = models.CharField(max_length=200)
    file_digest = models.CharField(max_length=64)
    content = models.BinaryField(null=True)
    account = reference("registry.Account", null=True)
    by = models.CharField(max_length=120)
    codes = models.JSONField(default=list)
    mode = models.CharField(max_length=12, choices=ImportMode.choices, default=ImportMode.ALL)
    state = models.CharField(max_length=10, choices=ImportState.choices)
    done_rows = models.PositiveIntegerField(default=0)
    total_rows = models.PositiveIntegerField(default=0)
    new_rows = models.PositiveIntegerField(default=0)
    changed_rows = models.PositiveIntegerField(default=0)
    unchanged_rows = models.PositiveIntegerField(default=0)
    bad_rows = models.PositiveIntegerField(default=0)
    skipped_rows = models.PositiveIntegerField(default=0)
    plan_digest = models.CharField(max_length=64, blank=True)
    faults = EncryptedTextField(blank=True)
    message = models.TextField(blank=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["table", "created_at"], name="import_table_idx")]

    def __str__(self) -> str:
        return f"{self.table} {self.file_name}"


class ImportedChunk(models.Model):
    """A run of rows that an import wrote, with what stood there before, as encrypted JSON."""

    personal_data: ClassVar[tuple[str, ...]] = ("payload",)

    sheet_import = reference("registry.SheetImport")
    number = models.PositiveIntegerField()
    payload = EncryptedTextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sheet_import", "number"], name="chunk_once")
        ]

    def __str__(self) -> str:
        return f"{self.sheet_import_id} {self.number}"
