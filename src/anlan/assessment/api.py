"""Assessment's door."""

from anlan.assessment.actions.write_report import write_report
from anlan.assessment.queries.figures import essay_figures
from anlan.assessment.queries.report import incident_report

__all__ = ["essay_figures", "incident_report", "write_report"]
