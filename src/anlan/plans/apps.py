from django.apps import AppConfig


class PlansConfig(AppConfig):
    """预案: contingency plans as data."""

    name = "anlan.plans"
    label = "plans"
