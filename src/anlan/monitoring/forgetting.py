"""What a process remembers of the store, dropped all at once."""

from anlan.monitoring import evaluation
from anlan.monitoring.actions import _intake as intake
from anlan.monitoring.queries import rain_map


def forget_windows() -> None:
    """Drop every memory of this process; the next intake and evaluation ask the store."""
    evaluation.forget()
    intake.forget()
    rain_map.forget()
