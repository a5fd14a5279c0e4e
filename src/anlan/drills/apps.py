from django.apps import AppConfig


class DrillsConfig(AppConfig):
    """演练: simulated people and replays."""

    name = "anlan.drills"
    label = "drills"
