"""Background work of rules: a test that walks on until it has ended."""

from datetime import datetime, timedelta

from django_tasks import task

from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.monitoring.actions.test_rule import test_rule
from anlan.monitoring.models import RuleVersion

STALLED = timedelta(minutes=10)


@task(queue_name="wires")
def walk_test(version_id: int, run: str) -> None:
    """Walk a test on for a while, and plan the next while."""
    if test_rule(version_id, run=run, by=the_program("back-test"), now=clock.now()):
        walk_test.enqueue(version_id, run)


def resume_tests(now: datetime) -> int:
    """Walk on the tests whose task was lost, and return how many."""
    resumed = 0
    for version_id, tested in RuleVersion.objects.filter(tested__state="running").values_list(
        "pk", "tested"
    ):
        if now - datetime.fromisoformat(tested["walked_at"]) >= STALLED:
            walk_test.enqueue(version_id, tested["run"])
            resumed += 1
    return resumed
