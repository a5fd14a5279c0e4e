from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    """监测: stations, readings, thresholds."""

    name = "anlan.monitoring"
    label = "monitoring"
