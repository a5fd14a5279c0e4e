from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The BB district and its storm."""

    name = "anlan.demo"
    label = "demo"
