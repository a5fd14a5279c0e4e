"""What the stations and the store of readings need from time to time."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django_tasks import task

from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.monitoring.actions.archive_month import archive_month
from anlan.monitoring.actions.clear_hand_sheets import clear_hand_sheets
from anlan.monitoring.actions.compare_neighbours import compare_neighbours
from anlan.monitoring.actions.count_availability import count_availability
from anlan.monitoring.actions.note_silences import note_silences
from anlan.monitoring.actions.prune_intake import prune_intake
from anlan.monitoring.actions.take_in_waiting import take_in_waiting
from anlan.monitoring.core.retention import following, month_of, oldest_kept
from anlan.monitoring.store import archive, partitions

LISTEN_EVERY = timedelta(minutes=5)
COMPARE_EVERY = timedelta(hours=1)
TEND_EVERY = timedelta(hours=6)


@task(queue_name="wires")
def move_to_archive(month: str) -> None:
    """Move a month (ISO day) of readings into its file."""
    archive_month(date.fromisoformat(month), by=the_program("retention"), now=clock.now())


def listen(now: datetime) -> int:
    """Note which stations have fallen silent and which are heard again; that is no repair."""
    note_silences(by=the_program("listening"), now=now)
    return 0


def compare(now: datetime) -> int:
    """Hold the gauges of the last two whole hours against each other; that is no repair."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    for end in (hour - COMPARE_EVERY, hour):
        compare_neighbours(end, by=the_program("neighbours"), now=now)
    return 0


def tend(now: datetime) -> int:
    """Make room for what comes, count what came, let go of what is no longer needed.

    Returns how many readings waited in quarantine although their address is registered.
    """
    by = the_program("retention")
    partitions.make_months([month_of(now), following(month_of(now))])
    count_availability(by=by, now=now)
    prune_intake(by=by, now=now)
    clear_hand_sheets(by=by, now=now)
    month = archive.oldest_month()
    if month is not None and month < oldest_kept(now, months=settings.ANLAN_KEEP_MONTHS):
        move_to_archive.enqueue(month.isoformat())
    return take_in_waiting(by=the_program("quarantine"), now=now)
