"""Assessment's door."""

from anlan.assessment.actions.write_report import write_report
from anlan.assessment.queries.report import incident_report

__all__ = ["incident_report", "write_report"]
