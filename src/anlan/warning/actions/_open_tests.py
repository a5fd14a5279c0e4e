"""The calls of a communication test that an answer or a refusal can still change."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from anlan.kernel import scope
from anlan.warning.data import TestCallState
from anlan.warning.models import CommunicationTest, TestCall


def still_open(key: int, *, states: Iterable[TestCallState], now: datetime) -> "QuerySet[TestCall]":
    """Return the call if it stands in one of these states and its test has not ended, to update.

    The test belongs to a county or a town, its calls to villages: it may lie out of sight.
    """
    with scope.everywhere("a village answers the test of its county"):
        tests = CommunicationTest.objects.filter(ended_at__isnull=True, ends_at__gt=now)
    found: QuerySet[TestCall] = TestCall.objects.filter(pk=key, state__in=states, test__in=tests)
    return found
