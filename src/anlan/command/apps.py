from django.apps import AppConfig


class CommandConfig(AppConfig):
    """指挥: incidents, activations, tasks."""

    name = "anlan.command"
    label = "command"
