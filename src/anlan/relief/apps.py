from django.apps import AppConfig


class ReliefConfig(AppConfig):
    """安置: evacuation and shelters."""

    name = "anlan.relief"
    label = "relief"
