from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    """考核: reports and indicators."""

    name = "anlan.assessment"
    label = "assessment"
