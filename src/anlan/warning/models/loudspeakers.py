"""The loudspeakers of villages."""

from typing import ClassVar

from django.db import models

from anlan.kernel.fields import reference
from anlan.kernel.scope import ScopedModel


class Loudspeaker(ScopedModel):
    """A loudspeaker of a village; `device` is what it is called at the provider that reaches it."""

    personal_data = ()

    division = reference("registry.Division")
    provider = reference("warning.ChannelProvider")
    device = models.CharField(max_length=64)
    name = models.CharField(max_length=60)
    version = models.PositiveIntegerField(default=1)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["provider", "device"],
                name="loudspeaker_once",
                condition=models.Q(ended_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name
