"""What simulated people do, each step through the same doors as real ones."""

from datetime import datetime, timedelta

from django.conf import settings
from django_tasks import task

from anlan.command.api import complete_task, task_brief
from anlan.command.data import TaskNotOpen
from anlan.drills.core import (
    time_for_task,
    time_to_leave,
    time_to_send,
    time_to_visit,
)
from anlan.kernel import clock
from anlan.kernel.actors import Actor
from anlan.relief.api import check_in, moves_to_begin, must_move, notify_household, record_departure
from anlan.relief.data import ShelterFull, WrongStep
from anlan.science.travel import ELDERLY_M_S, FIT_M_S, travel_minutes, walking_speed_m_s
from anlan.warning.api import acknowledge, report_done
from anlan.warning.data import AlreadyAnswered, OpenCall

RETRY_ARRIVAL = timedelta(minutes=20)
TIME_TO_TELL = timedelta(minutes=3)


@task
def answer(reference: str, person_id: int) -> None:
    """Let a simulated person answer a call or take on a task."""
    kind, _separator, uuid = reference.partition(":")
    if kind == "summons":
        _answer_call(uuid, person_id=person_id)
    elif kind == "task":
        _take_on(uuid)


def _simulated(person_id: int) -> Actor:
    return Actor(label="simulated person", person_id=person_id)


def _answer_call(summons_uuid: str, *, person_id: int) -> None:
    now = clock.now()
    try:
        call = acknowledge(
            summons_uuid, person_id=person_id, via="phone", by=_simulated(person_id), now=now
        )
    except AlreadyAnswered:
        return
    start = now
    if person_id != call.person_id:
        start += time_to_send(
            f"{call.village}:{call.hazard}:{call.colour}", seed=settings.ANLAN_DRILL_SEED
        )
    at = _go_round(call, person_id=person_id, start=start)
    tell.using(run_after=at + TIME_TO_TELL).enqueue(summons_uuid, person_id)


@task
def tell(summons_uuid: str, person_id: int) -> None:
    """Let a simulated person tell that they have been round."""
    try:
        report_done(
            summons_uuid,
            person_id=person_id,
            via="phone",
            by=_simulated(person_id),
            now=clock.now(),
        )
    except AlreadyAnswered:
        return


def _go_round(call: OpenCall, *, person_id: int, start: datetime) -> datetime:
    """Plan the visits to the households of the person called; return when the last one is."""
    at = start
    if not must_move(call.hazard, colour=call.colour):
        return at
    for move in moves_to_begin(call.village, at=clock.now()):
        if call.person_id in move.carer_ids:
            at += time_to_visit(move.household_id, seed=settings.ANLAN_DRILL_SEED)
            visit.using(run_after=at).enqueue(
                move.uuid, person_id, move.household_id, move.needing_help, move.route_km
            )
    return at


@task
def visit(
    move_uuid: str, person_id: int, household_id: int, needing_help: int, route_km: float
) -> None:
    """Tell a household at its door; unless it refuses, it leaves after packing."""
    now = clock.now()
    try:
        notify_household(move_uuid, via="visit", by=_simulated(person_id), now=now)
    except WrongStep:
        return
    packing = time_to_leave(household_id, needing_help=needing_help, seed=settings.ANLAN_DRILL_SEED)
    if packing is not None:
        depart.using(run_after=now + packing).enqueue(move_uuid, person_id, needing_help, route_km)


@task
def depart(move_uuid: str, person_id: int, needing_help: int, route_km: float) -> None:
    """Let a notified household leave; it walks to its shelter."""
    now = clock.now()
    try:
        record_departure(move_uuid, by=_simulated(person_id), now=now)
    except WrongStep:
        return
    speed = walking_speed_m_s(ELDERLY_M_S if needing_help else FIT_M_S, is_dark_or_raining=True)
    minutes = float(travel_minutes(route_km * 1000.0, speed_m_s=speed))
    arrive.using(run_after=now + timedelta(minutes=minutes)).enqueue(move_uuid, person_id)


@task
def arrive(move_uuid: str, person_id: int) -> None:
    """Count a household in where it arrives; where all is full it tries again later."""
    now = clock.now()
    try:
        check_in(move_uuid, by=_simulated(person_id), now=now)
    except ShelterFull:
        arrive.using(run_after=now + RETRY_ARRIVAL).enqueue(move_uuid, person_id)


def _take_on(task_uuid: str) -> None:
    now = clock.now()
    brief = task_brief(task_uuid)
    limit = brief.due_at - brief.opened_at
    takes = time_for_task(
        f"{brief.division_code}:{brief.title}", limit=limit, seed=settings.ANLAN_DRILL_SEED
    )
    if takes is not None and brief.person_id is not None:
        finish.using(run_after=max(now, brief.opened_at + takes)).enqueue(
            task_uuid, brief.person_id, brief.summons_uuid
        )


@task
def finish(task_uuid: str, person_id: int, summons_uuid: str) -> None:
    """Report a task as done; whoever was sent to a silent village takes on its households."""
    now = clock.now()
    try:
        complete_task(task_uuid, by=_simulated(person_id), now=now)
    except TaskNotOpen:
        return
    if summons_uuid:
        _answer_call(summons_uuid, person_id=person_id)
