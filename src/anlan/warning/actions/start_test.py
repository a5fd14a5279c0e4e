from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from anlan.kernel import journal, scope
from anlan.kernel.actors import Actor
from anlan.kernel.codes import Level, ancestor_of, level_of, prefix_of
from anlan.registry.api import OnDuty, people_on_duty, present_bearings
from anlan.warning.actions._outbox import put_out
from anlan.warning.core.testing import HOURS
from anlan.warning.data import DeliveryState, Purpose, TestCallState
from anlan.warning.measuring import TestRefused, TestRunning, UnderWarning
from anlan.warning.models import CommunicationTest, Delivery, TestCall, WarningArea
from anlan.warning.queries.ways import ways_to
from anlan.warning.tasks.testing import end
from anlan.warning.testing_words import test_text, test_title

NO_PHONE = "no number in the register"
ABOVE = (Level.CITY, Level.COUNTY, Level.TOWN)


@transaction.atomic
def start_test(
    division_code: str,
    *,
    hours: int,
    despite_warnings: bool = False,
    by: Actor,
    now: datetime,
) -> UUID:
    """Ask everybody on duty in a division, once each, to answer a test; return the test's uuid.

    The message says that it is a test and that nothing has happened. Whoever has no phone in the
    register is found dead at once. Raises TestRefused, TestRunning while a test is open here, and
    UnderWarning unless `despite_warnings`.
    """
    if hours not in HOURS:
        raise TestRefused(_("Choose how long the test is to wait for answers."))
    place = present_bearings([division_code])
    if not place:
        raise TestRefused(_("Choose a division that there is."))
    _check_none_is_open(division_code)
    warnings = _warnings_over(division_code)
    if warnings and not despite_warnings:
        raise UnderWarning(warnings=warnings)
    people = people_on_duty(division_code, at=now)
    if not people:
        raise TestRefused(_("Nobody holds a duty here, so that nobody can be asked."))
    test = _opened(division_code, ends_at=now + timedelta(hours=hours), now=now)
    calls = _calls(test, people)
    put_out(_messages(test, calls, people=people, place=place[0].name, now=now))
    end.using(run_after=test.ends_at).enqueue(str(test.uuid))
    journal.record(
        "communication_test.started",
        by=by,
        now=now,
        subject=f"communication_test:{test.uuid}",
        division_code=division_code,
        detail={
            "people": len(calls),
            "without_phone": sum(call.state == TestCallState.DEAD for call in calls),
            "ends_at": test.ends_at.isoformat(),
            "warnings": warnings,
        },
    )
    return UUID(str(test.uuid))


def _check_none_is_open(code: str) -> None:
    """Raise TestRunning while a test of this division, one around it or one in it is open."""
    around = [ancestor_of(code, level=level) for level in ABOVE if level < level_of(code)]
    with scope.everywhere("a person is not asked by two tests at once"):
        standing = CommunicationTest.objects.filter(
            Q(division__in=around) | scope.within("division_id", [prefix_of(code)]),
            ended_at__isnull=True,
        )
        other = standing.order_by("-ends_at").first()
    if other is not None:
        raise TestRunning(ends_at=other.ends_at)


def _warnings_over(code: str) -> int:
    under = WarningArea.objects.filter(
        scope.within("division_id", [prefix_of(code)]), released_at__isnull=True
    )
    return under.values("warning_id").distinct().count()


def _opened(code: str, *, ends_at: datetime, now: datetime) -> CommunicationTest:
    try:
        with transaction.atomic():
            made: CommunicationTest = CommunicationTest.objects.create(
                uuid=uuid4(), division_id=code, started_at=now, ends_at=ends_at
            )
    except IntegrityError as error:
        raise TestRunning(ends_at=ends_at) from error
    return made


def _calls(test: CommunicationTest, people: Sequence[OnDuty]) -> list[TestCall]:
    return list(
        TestCall.objects.bulk_create(
            TestCall(
                test=test,
                division_id=person.division_code,
                person_id=person.person_id,
                state=TestCallState.WAITING if person.has_phone else TestCallState.DEAD,
                reason="" if person.has_phone else NO_PHONE,
            )
            for person in people
        )
    )


def _messages(
    test: CommunicationTest,
    calls: Sequence[TestCall],
    *,
    people: Sequence[OnDuty],
    place: str,
    now: datetime,
) -> list[Delivery]:
    title, text = test_title(place=place), test_text(ends_at=test.ends_at)
    ways = ways_to(
        [call.person_id for call in calls], divisions={call.division_id for call in calls}
    )
    return [
        Delivery(
            division_id=call.division_id,
            purpose=Purpose.TEST,
            test_call=call,
            person_id=call.person_id,
            duty=person.duty,
            reference_code=f"communication_test:{test.uuid}",
            title=title,
            text=text,
            channel=ways.of(call.person_id, division=call.division_id)[0],
            state=DeliveryState.QUEUED,
            queued_at=now,
            not_before=now,
            stale_at=test.ends_at,
        )
        for call, person in zip(calls, people, strict=True)
        if call.state == TestCallState.WAITING
    ]
