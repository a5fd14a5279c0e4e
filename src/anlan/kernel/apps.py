from django.apps import AppConfig


class KernelConfig(AppConfig):
    """The floor: codes, clock, scope, journal, queue, encryption."""

    name = "anlan.kernel"
    label = "kernel"
    default_auto_field = "django.db.models.BigAutoField"
