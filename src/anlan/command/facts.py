"""What the command room announces."""

from django.dispatch import Signal

plan_activated = Signal()
"""A plan's level is in force. Carries `incident_uuid`."""

tasks_opened = Signal()
"""Tasks are open for their holders. Carries `task_uuids`."""

incident_closed = Signal()
"""Everything is lifted and the incident is over. Carries `incident_uuid`."""
