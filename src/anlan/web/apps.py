from django.apps import AppConfig


class WebConfig(AppConfig):
    """Base pages, the map, boards."""

    name = "anlan.web"
    label = "web"
