"""`anlan migrate`: the database brought to the form this version needs."""

from django.core.management import call_command


def migrate() -> None:
    """Bring the database to the form that this version needs."""
    call_command("migrate", interactive=False, verbosity=1)
