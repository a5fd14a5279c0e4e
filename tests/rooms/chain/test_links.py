"""Every link of the chain: the fact writes its task into its own transaction, once."""

import inspect
from typing import Any

import pytest
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from anlan import chain
from anlan.command import facts as command
from anlan.kernel import heartbeat
from anlan.monitoring import facts as monitoring
from anlan.registry import facts as registry
from anlan.warning import facts as warning

PAYLOADS: dict[int, dict[str, Any]] = {
    id(monitoring.thresholds_crossed): {"exceedance_ids": [1, 2]},
    id(monitoring.thresholds_cleared): {"exceedance_ids": [1]},
    id(monitoring.silences_raised): {"silence_ids": [1]},
    id(monitoring.macro_anomaly_verified): {"report_ids": [1]},
    id(warning.upper_warning_received): {"upper_uuid": "u"},
    id(warning.warnings_issued): {"warning_uuids": ["u"]},
    id(warning.warnings_lifted): {"warning_uuids": ["u"]},
    id(warning.help_asked): {"summons_uuid": "u"},
    id(warning.nobody_answered): {"summons_uuids": ["u"]},
    id(command.tasks_opened): {"task_uuids": ["u"]},
    id(command.incident_closed): {"incident_uuid": "u"},
    id(registry.divisions_redrawn): {"moves": [["old", "new"]], "on": "2024-07-15"},
}
links = pytest.mark.parametrize(
    ("fact", "task"), chain.LINKS, ids=[task.module_path for _fact, task in chain.LINKS]
)


@pytest.fixture
def stored(db, settings):
    settings.TASKS = {"default": {"BACKEND": "anlan.kernel.queue.DatabaseBackend"}}


def queued(task):
    rows = DBTaskResult.objects.filter(task_path=task.module_path)
    return [row.args_kwargs["kwargs"] for row in rows]


@links
def test_a_fact_writes_its_task_and_a_rollback_takes_it_back(stored, fact, task):
    payload = PAYLOADS[id(fact)]
    with transaction.atomic():
        fact.send(sender=None, **payload)
        assert queued(task) == [payload]
        transaction.set_rollback(True)
    assert DBTaskResult.objects.count() == 0


@links
def test_what_a_fact_carries_is_what_its_task_takes(fact, task):
    inspect.signature(task.func).bind(**PAYLOADS[id(fact)])


def test_connecting_again_starts_nothing_twice(stored):
    chain.connect()
    for fact, task in chain.LINKS:
        fact.send(sender=None, **PAYLOADS[id(fact)])
        others = [other for fact_, other in chain.LINKS if fact_ is fact]
        assert DBTaskResult.objects.count() == len(others)
        assert len(queued(task)) == 1
        DBTaskResult.objects.all().delete()


def test_a_failing_start_fails_the_change_itself(db, settings, monkeypatch):
    def broken(*args, **kwargs):
        raise ConnectionError

    settings.TASKS = {"default": {"BACKEND": "anlan.kernel.queue.DatabaseBackend"}}
    monkeypatch.setattr("anlan.kernel.queue.DatabaseBackend.enqueue", broken)
    for fact, _task in chain.LINKS:
        with pytest.raises(ConnectionError):
            fact.send(sender=None, **PAYLOADS[id(fact)])


def test_the_chain_declares_every_sweep_once():
    before = heartbeat.declared_sweeps()
    chain.connect()
    names = [sweep.name for sweep in heartbeat.declared_sweeps()]
    assert len(names) == len(set(names)) == len(before)
