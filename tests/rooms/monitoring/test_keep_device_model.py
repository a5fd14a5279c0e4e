"""How a device's JSON is read is kept as data, by those who keep the stations that use it."""

import json

import pytest
from django.utils.translation import override

from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.kernel.models import JournalEntry
from anlan.monitoring.actions.keep_device_model import keep_device_model
from anlan.monitoring.devices import DeviceModelOutOfSight, DeviceModelRefused
from anlan.monitoring.gateways.mqtt.examples import EXAMPLES
from anlan.monitoring.models import DeviceModel, Station
from anlan.monitoring.queries.device_models import (
    access_device_model,
    listed_device_models,
    state_of,
)
from tests.cast import COUNTY, LOWER, UPPER

RAIN, GATEWAY = EXAMPLES
BY = the_program("tests")


def keep(name=RAIN.name, *, topic=RAIN.topic, mapping=RAIN.mapping, codes=(UPPER,), **more):
    return keep_device_model(
        name, topic=topic, mapping=mapping, codes=codes, by=BY, now=clock.now(), **more
    )


def seen(pk):
    return state_of(access_device_model(pk))


def test_a_new_model_is_kept_and_journalled(cast):
    pk = keep(codes=(UPPER, COUNTY))
    row = DeviceModel.objects.get(pk=pk)
    assert (row.name, row.topic, row.mapping) == (RAIN.name, RAIN.topic, RAIN.mapping)
    entry = JournalEntry.objects.get(act="device_model.kept")
    assert (entry.subject, entry.division_code) == (f"device_model:{pk}", COUNTY)
    assert json.loads(entry.detail)["mapping"] == RAIN.mapping


def test_a_model_is_changed_by_whoever_has_seen_it(cast):
    pk = keep()
    state = seen(pk)
    assert keep("新名", mapping=GATEWAY.mapping, pk=pk, seen=state) == pk
    assert DeviceModel.objects.get().name == "新名"
    with pytest.raises(DeviceModelRefused, match="新名"):
        keep("another", pk=pk, seen=state)
    with pytest.raises(DeviceModelOutOfSight):
        keep(pk=pk + 1)


def test_a_model_that_stations_elsewhere_use_stays_as_it_is(cast):
    pk = keep()
    Station.objects.filter(pk=cast.stations["lower rain"].pk).update(device_model=pk)
    for codes in ((UPPER,), ()):
        with pytest.raises(DeviceModelRefused) as refused, override("en"):
            keep("other", pk=pk, seen=seen(pk), codes=codes)
        assert "1 stations of other divisions" in str(refused.value)
    assert keep("other", pk=pk, seen=seen(pk), codes=(UPPER, LOWER)) == pk


def test_a_name_is_given_once(cast):
    keep()
    with pytest.raises(DeviceModelRefused, match=RAIN.name):
        keep()
    pk = keep("second")
    with pytest.raises(DeviceModelRefused, match=RAIN.name):
        keep(pk=pk, seen=seen(pk))
    assert DeviceModel.objects.filter(name=RAIN.name).count() == 1


def test_everything_that_is_wrong_is_told_at_once(cast):
    mapping = {"address": {"topic": 0}, "values": [{"path": "a..b", "element": "5"}]}
    with override("en"), pytest.raises(DeviceModelRefused) as refused:
        keep(" ", topic="a/#/b", mapping=mapping)
    words = "\n".join(refused.value.sentences)
    for part in ("a name", "“address.topic” is “0”", "“a..b”", "“5”", "“a/#/b”"):
        assert part in words
    assert len(refused.value.sentences) == 5
    assert not DeviceModel.objects.exists()


def test_the_list_counts_stations_in_sight(cast):
    pk = keep()
    keep("unused", topic="", mapping=GATEWAY.mapping)
    Station.objects.filter(pk=cast.stations["river"].pk).update(device_model=pk)
    rows = {row.name: row for row in listed_device_models()}
    assert (rows[RAIN.name].stations, rows["unused"].stations) == (1, 0)
    assert rows[RAIN.name].elements == ("PN05", "PT", "VT")
