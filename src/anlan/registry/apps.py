from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """底数: divisions, people, duties, places."""

    name = "anlan.registry"
    label = "registry"
