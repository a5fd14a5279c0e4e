from typing import ClassVar

from django.db import models


class JournalEntry(models.Model):
    """One thing that happened: who, what, when, on what, because of what.

    A row is written once. `seq` and `digest` are empty until the entry is sealed into the chain.
    `actor` holds a name of the program's own people, never a phone.
    """

    personal_data: ClassVar[tuple[str, ...]] = ("actor",)

    seq = models.BigIntegerField(null=True, unique=True)
    at = models.DateTimeField()
    act = models.CharField(max_length=60)
    actor = models.CharField(max_length=120)
    account_id = models.BigIntegerField(null=True)
    person_id = models.BigIntegerField(null=True)
    subject = models.CharField(max_length=80, blank=True)
    division_code = models.CharField(max_length=12, blank=True)
    cause = models.CharField(max_length=80, blank=True)
    detail = models.TextField(default="{}")
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["division_code", "at"], name="journal_place_idx"),
            models.Index(fields=["subject"], name="journal_subject_idx"),
            models.Index(fields=["cause"], name="journal_cause_idx"),
            models.Index(
                fields=["id"], name="journal_open_idx", condition=models.Q(seq__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.act} {self.subject}"


class JournalSeal(models.Model):
    """A run of entries closed into the chain, with the digest of its last entry."""

    personal_data: ClassVar[tuple[str, ...]] = ()

    first_seq = models.BigIntegerField(unique=True)
    last_seq = models.BigIntegerField(unique=True)
    head = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="seal_runs_forward",
                condition=models.Q(first_seq__gte=1, last_seq__gte=models.F("first_seq")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.first_seq}-{self.last_seq} {self.head[:12]}"


class Heartbeat(models.Model):
    """The pulse of one sweep: when it last ran, what it repaired, and who may run it next."""

    personal_data: ClassVar[tuple[str, ...]] = ()

    name = models.CharField(primary_key=True, max_length=60)
    token = models.CharField(max_length=32)
    beaten_at = models.DateTimeField()
    due_at = models.DateTimeField()
    repaired = models.PositiveIntegerField(default=0)
    failed = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.name} due {self.due_at:%Y-%m-%d %H:%M:%S}"


class TableRevision(models.Model):
    """How often a table was written: a plan made on one revision is not carried out on another."""

    personal_data: ClassVar[tuple[str, ...]] = ()

    name = models.CharField(primary_key=True, max_length=40)
    number = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} {self.number}"
