"""Messages on their way to people, and the ways that a county has."""

from typing import ClassVar

from django.db import models

from anlan.kernel.encryption import EncryptedTextField
from anlan.kernel.fields import reference
from anlan.kernel.scope import ScopedModel
from anlan.registry.data import DutyKind
from anlan.warning.data import ChannelKind, DeliveryState, Purpose, RungKind


class Delivery(ScopedModel):
    """One message to one person or household: durable before it leaves, then with its receipt.

    `turn` counts the messages of a summons: each rung once, then each time it is asked again.
    `channel` is the kind that carries it now, `attempt` how many kinds were passed over; messages
    to one person that leave together share their `letter`. What has not left at `stale_at` never
    does. `title` and `text` are empty where the warning's own words are meant.
    """

    personal_data = ()

    division = reference("registry.Division")
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    summons = reference("warning.Summons", null=True)
    warning = reference("warning.HazardWarning", null=True)
    household = reference("registry.Household", null=True)
    test_call = reference("warning.TestCall", null=True)
    person = reference("registry.Person", null=True)
    duty = models.CharField(max_length=30, choices=DutyKind.choices, blank=True)
    rung = models.CharField(max_length=10, choices=RungKind.choices, blank=True)
    turn = models.PositiveSmallIntegerField(default=0)
    reference_code = models.CharField(max_length=80, blank=True)
    title = models.CharField(max_length=120, blank=True)
    text = models.TextField(blank=True)
    channel = models.CharField(max_length=20, blank=True)
    attempt = models.PositiveSmallIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=10, choices=DeliveryState.choices)
    letter = models.CharField(max_length=16, blank=True)
    provider = reference("warning.ChannelProvider", null=True)
    provider_reference = models.CharField(max_length=80, blank=True)
    queued_at = models.DateTimeField()
    not_before = models.DateTimeField()
    stale_at = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    receipt_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["summons", "turn"],
                name="delivery_once_a_turn",
                condition=models.Q(summons__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["warning", "reference_code"],
                name="delivery_broadcast_once",
                condition=models.Q(purpose="broadcast", warning__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["reference_code"],
                name="delivery_all_clear_once",
                condition=models.Q(purpose="broadcast", warning__isnull=True),
            ),
            models.CheckConstraint(
                name="delivery_to_somebody",
                condition=models.Q(person__isnull=False)
                | models.Q(household__isnull=False)
                | models.Q(purpose="broadcast"),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["not_before"],
                name="delivery_open_idx",
                condition=models.Q(state__in=("queued", "sending")),
            ),
            models.Index(
                fields=["letter"], name="delivery_letter_idx", condition=~models.Q(letter="")
            ),
            models.Index(fields=["person", "sent_at"], name="delivery_person_idx"),
            models.Index(
                fields=["provider", "sent_at"],
                name="delivery_rate_idx",
                condition=models.Q(provider__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} to {self.person_id or self.household_id}"


class Notice(ScopedModel):
    """A message in a person's inbox on the program's own pages."""

    division = reference("registry.Division")
    person = reference("registry.Person")
    reference_code = models.CharField(max_length=80)
    title = models.CharField(max_length=120)
    text = models.TextField()
    sent_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["person", "sent_at"], name="notice_idx")]

    def __str__(self) -> str:
        return self.title


class ChannelProvider(ScopedModel):
    """A way out of a county: one account at one provider of one kind.

    Those of a kind are tried in their order. One that fails is left alone until `broken_until`.
    `options` hold what only this kind needs, text by name. `tested_at` is when somebody last sent
    themselves a message by it.
    """

    personal_data = ("secret",)

    uuid = models.UUIDField(unique=True)
    division = reference("registry.Division")
    kind = models.CharField(max_length=20, choices=ChannelKind.choices)
    name = models.CharField(max_length=60)
    address = models.CharField(max_length=250)
    account = models.CharField(max_length=80, blank=True)
    secret = EncryptedTextField(blank=True)
    options = models.JSONField(default=dict)
    order = models.PositiveSmallIntegerField(default=1)
    per_minute = models.PositiveIntegerField(default=600)
    timeout_s = models.FloatField(default=5.0)
    failures = models.PositiveSmallIntegerField(default=0)
    broken_until = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)
    tested_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["division", "name"],
                name="provider_name_once",
                condition=models.Q(ended_at__isnull=True),
            ),
            models.CheckConstraint(
                name="provider_takes_some", condition=models.Q(per_minute__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PersonChannel(ScopedModel):
    """A person's own order of channels; `to` is where the channel finds them, empty: the phone."""

    personal_data = ("to",)
    scope_path = "person__division_id"

    person = reference("registry.Person")
    order = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20, choices=ChannelKind.choices)
    to = EncryptedTextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "order"], name="person_channel_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.person_id}"


class HeardOnce(ScopedModel):
    """A signed word of a provider that was taken in: the same one again is a replay."""

    personal_data = ()
    scope_path = "provider__division_id"

    provider = reference("warning.ChannelProvider")
    nonce = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "nonce"], name="heard_once"),
        ]

    def __str__(self) -> str:
        return self.nonce
