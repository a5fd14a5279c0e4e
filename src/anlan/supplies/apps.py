from django.apps import AppConfig


class SuppliesConfig(AppConfig):
    """物资: stores and the stock ledger."""

    name = "anlan.supplies"
    label = "supplies"
