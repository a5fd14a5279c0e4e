from importlib import import_module

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """底数: divisions, people, duties, places."""

    name = "anlan.registry"
    label = "registry"

    def ready(self) -> None:
        """Declare the tables once the models are there."""
        import_module("anlan.registry.tables")
