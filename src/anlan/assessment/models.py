from typing import ClassVar

from django.db import models

from anlan.kernel.fields import detail_of
from anlan.kernel.scope import ScopedModel


class IncidentReport(ScopedModel):
    """The figures of a closed incident, as they were when it was closed."""

    personal_data: ClassVar[tuple[str, ...]] = ()
    scope_path = "incident__division_id"

    incident = detail_of("command.Incident", primary_key=True)
    made_at = models.DateTimeField()
    figures = models.JSONField()

    def __str__(self) -> str:
        return f"report of {self.incident_id}"
