"""Warnings of upper levels, as they come in CAP, and where they come from."""

from typing import ClassVar

from django.db import models

from anlan.kernel.fields import reference
from anlan.kernel.records import RecordModel
from anlan.kernel.scope import ScopedModel
from anlan.registry.data import Colour
from anlan.warning.data import EntryOutcome, Reach, Refusal, SignatureVerdict, UpperState

LONGEST_NAME = 250
CAP_STATUSES = [(each, each) for each in ("Actual", "Exercise", "System", "Test", "Draft")]
CAP_TYPES = [(each, each) for each in ("Alert", "Update", "Cancel", "Ack", "Error")]
CAP_SCOPES = [(each, each) for each in ("Public", "Restricted", "Private")]
ENDED = ("expired", "updated", "cancelled")


class WarningSource(RecordModel):
    """A feed of an upper level that speaks to one county, and how its polling goes.

    `poll_token` lets exactly one chain of polls live; `due_at` is when the next one must have
    begun. `etag` and `last_modified` are what the feed's server said last, `fault` the code of
    what went wrong last, empty after a poll that went well. A source that was ended stays, for
    the warnings that came from it.
    """

    division = reference("registry.Division")
    name = models.CharField(max_length=80)
    address = models.CharField(max_length=500)
    trusted_certificates = models.TextField(blank=True)
    requires_signature = models.BooleanField(default=False)
    every_seconds = models.PositiveIntegerField(default=60)
    kept_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    etag = models.CharField(max_length=250, blank=True)
    last_modified = models.CharField(max_length=80, blank=True)
    polled_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=30, blank=True)
    fault_detail = models.CharField(max_length=250, blank=True)
    failures = models.PositiveIntegerField(default=0)
    poll_token = models.CharField(max_length=32, blank=True)
    due_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["division", "address"],
                name="warning_source_once",
                condition=models.Q(ended_at__isnull=True),
            ),
            models.CheckConstraint(
                name="warning_source_waits", condition=models.Q(every_seconds__gte=10)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class FeedEntry(ScopedModel):
    """An entry of a feed that was taken in, or that cannot be read: it is not fetched again.

    `digest` stands for what the entry is known by, when it changed and where its message is;
    `tries` counts how often one was fetched that came damaged.
    """

    scope_path = "source__division_id"

    source = reference("warning.WarningSource")
    digest = models.CharField(max_length=64)
    link = models.TextField(blank=True)
    outcome = models.CharField(max_length=12, choices=EntryOutcome.choices)
    reason = models.CharField(max_length=30, blank=True)
    element = models.CharField(max_length=120, blank=True)
    value = models.CharField(max_length=120, blank=True)
    line = models.PositiveIntegerField(null=True)
    tries = models.PositiveSmallIntegerField(default=1)
    came_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "digest"], name="feed_entry_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["source", "outcome", "came_at"], name="feed_entry_outcome_idx"),
            models.Index(fields=["seen_at"], name="feed_entry_seen_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.digest[:12]}"


class UpperWarning(ScopedModel):
    """One CAP message of an upper level, for one county; what it says is never changed.

    `raw` is the message as it came. `lapses_at` is when it runs out by itself, by its own word or
    a day after it was sent. A message is known by sender, identifier and sent together; one that
    was not accepted keeps no number occupied.
    """

    uuid = models.UUIDField(unique=True)
    division = reference("registry.Division")
    source = reference("warning.WarningSource")
    identifier = models.CharField(max_length=LONGEST_NAME)
    sender = models.CharField(max_length=LONGEST_NAME)
    sent_at = models.DateTimeField()
    status = models.CharField(max_length=8, choices=CAP_STATUSES)
    msg_type = models.CharField(max_length=6, choices=CAP_TYPES)
    audience = models.CharField(max_length=10, choices=CAP_SCOPES)
    colour = models.PositiveSmallIntegerField(choices=Colour.choices, null=True)
    event = models.TextField(blank=True)
    event_code = models.CharField(max_length=60, blank=True)
    urgency = models.CharField(max_length=10, blank=True)
    severity = models.CharField(max_length=10, blank=True)
    certainty = models.CharField(max_length=10, blank=True)
    effective_at = models.DateTimeField(null=True)
    onset_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    lapses_at = models.DateTimeField()
    sender_name = models.TextField(blank=True)
    headline = models.TextField(blank=True)
    description = models.TextField(blank=True)
    instruction = models.TextField(blank=True)
    web = models.TextField(blank=True)
    areas = models.JSONField(default=list)
    reach = models.CharField(max_length=10, choices=Reach.choices)
    raw = models.BinaryField()
    digest = models.CharField(max_length=64)
    verdict = models.CharField(max_length=10, choices=SignatureVerdict.choices)
    signer = models.CharField(max_length=LONGEST_NAME, blank=True)
    flaw = models.CharField(max_length=30, blank=True)
    state = models.CharField(max_length=10, choices=UpperState.choices)
    refusal = models.CharField(max_length=10, choices=Refusal.choices, blank=True)
    received_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = reference("warning.UpperWarning", null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["division", "identifier", "sender", "sent_at"],
                name="upper_warning_once",
                condition=~models.Q(state="refused"),
            ),
            models.UniqueConstraint(
                fields=["division", "identifier", "sender", "sent_at", "digest"],
                name="upper_warning_refused_once",
                condition=models.Q(state="refused"),
            ),
            models.CheckConstraint(
                name="upper_in_force_is_actual",
                condition=~models.Q(state="in_force")
                | models.Q(status="Actual", msg_type__in=("Alert", "Update")),
            ),
            models.CheckConstraint(
                name="upper_end_has_a_time",
                condition=models.Q(state__in=ENDED, ended_at__isnull=False)
                | (~models.Q(state__in=ENDED) & models.Q(ended_at__isnull=True)),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["division", "state", "sent_at"], name="upper_state_idx"),
            models.Index(
                fields=["lapses_at"],
                name="upper_lapse_idx",
                condition=models.Q(state="in_force"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.identifier} {self.state}"


class UpperReference(ScopedModel):
    """What an Update or a Cancel names: kept, since the message named may come later."""

    scope_path = "warning__division_id"

    warning = reference("warning.UpperWarning")
    identifier = models.CharField(max_length=LONGEST_NAME)
    sender = models.CharField(max_length=LONGEST_NAME)
    sent_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["warning", "identifier", "sender", "sent_at"], name="upper_reference_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["identifier", "sent_at"], name="upper_reference_idx")
        ]

    def __str__(self) -> str:
        return f"{self.warning_id} names {self.identifier}"


class UpperPlace(ScopedModel):
    """A division that a message of an upper level touches, with all that lies in it."""

    warning = reference("warning.UpperWarning")
    division = reference("registry.Division")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["warning", "division"], name="upper_place_once")
        ]

    def __str__(self) -> str:
        return f"{self.warning_id} touches {self.division_id}"
