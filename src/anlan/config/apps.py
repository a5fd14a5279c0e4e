from django.apps import AppConfig
from django.utils.module_loading import import_string


class ConfigConfig(AppConfig):
    """The top floor: wires the chain once every room is there."""

    name = "anlan.config"
    label = "config"

    def ready(self) -> None:
        """Connect every fact to the tasks it starts."""
        import_string("anlan.chain.connect")()
