"""Whether warnings were right, and whether people can be reached at all."""

from typing import ClassVar

from django.db import models

from anlan.kernel.fields import reference
from anlan.kernel.scope import ScopedModel
from anlan.warning.data import TestCallState, VerdictKind


class WarningVerdict(ScopedModel):
    """What somebody found of a warning afterwards; the last word counts, none is changed.

    `occurred_at` is when what was warned of came, for the lead time.
    """

    personal_data = ()
    scope_path = "warning__division_id"

    warning = reference("warning.HazardWarning")
    verdict = models.CharField(max_length=10, choices=VerdictKind.choices)
    occurred_at = models.DateTimeField(null=True)
    remark = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["warning", "at"], name="verdict_time_idx")]

    def __str__(self) -> str:
        return f"{self.verdict} for {self.warning_id}"


class CommunicationTest(ScopedModel):
    """A test of whether everybody answerable in a division can be reached; it warns of nothing."""

    personal_data = ()

    uuid = models.UUIDField(unique=True)
    division = reference("registry.Division")
    started_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["division"],
                name="one_open_test",
                condition=models.Q(ended_at__isnull=True),
            ),
            models.CheckConstraint(
                name="test_ends_later", condition=models.Q(ends_at__gt=models.F("started_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.division_id} {self.started_at}"


class TestCall(ScopedModel):
    """One person in a communication test, and how they were reached or why not."""

    __test__ = False  # no test of pytest's
    personal_data = ()

    test = reference("warning.CommunicationTest")
    division = reference("registry.Division")
    person = reference("registry.Person")
    state = models.CharField(max_length=12, choices=TestCallState.choices)
    answered_at = models.DateTimeField(null=True)
    answered_via = models.CharField(max_length=20, blank=True)
    reason = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["test", "person"], name="test_call_once"),
            models.CheckConstraint(
                name="test_answer_has_a_time",
                condition=~models.Q(state="answered") | models.Q(answered_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.state}"
