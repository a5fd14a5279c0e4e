from django.apps import AppConfig


class WarningConfig(AppConfig):
    """预警: warnings and who answers them."""

    name = "anlan.warning"
    label = "warning"
