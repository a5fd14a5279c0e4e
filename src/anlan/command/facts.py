"""What the command room announces."""

from anlan.kernel.facts import Fact

plan_activated = Fact()
"""A plan's level is in force. Carries `incident_uuid`."""

tasks_opened = Fact()
"""Tasks are open for their holders. Carries `task_uuids`."""

incident_closed = Fact()
"""Everything is lifted and the incident is over. Carries `incident_uuid`."""
