"""The pages of device models: who may, what the form keeps, what the box to try shows."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from anlan.monitoring.gateways.mqtt.examples import EXAMPLES
from anlan.monitoring.models import DeviceModel, Reading, Station
from anlan.monitoring.screens.device_form import form_of_example, form_of_model
from tests.entrance import logged_in, open_accounts
from tests.evening import QUICK_HASH

RAIN, GATEWAY = EXAMPLES


@pytest.fixture
def accounts(cast, settings):
    settings.PASSWORD_HASHERS = QUICK_HASH
    return open_accounts()


@pytest.fixture
def duty(accounts):
    """A browser of the county's duty officer, in English."""
    return logged_in(accounts["duty"], language="en")


def test_no_page_opens_without_a_login(accounts):
    for name, keys in (("device_models", []), ("new_device_model", []), ("device_model", [1])):
        answer = Client().get(reverse(name, args=keys))
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith(reverse("login"))


def typed(form, **changes):
    """Return a form as a browser sends it."""
    fields = {name: getattr(form, name) for name in form.__dataclass_fields__ if name != "rows"}
    columns = {
        name: [getattr(row, name) for row in form.rows]
        for name in ("path", "element", "scale", "offset")
    }
    optional = [str(number) for number, row in enumerate(form.rows) if row.is_optional]
    return {**fields, **columns, "optional": optional, "seen": "", **changes}


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("duty", 200),
        ("admin", 200),
        ("clerk", 403),
        ("upper", 403),
        ("slope", 403),
        ("auditor", 403),
    ],
)
def test_who_may_see_the_models(accounts, who, status):
    client = logged_in(accounts[who])
    for name in ("device_models", "new_device_model"):
        assert client.get(reverse(name)).status_code == status
    answer = client.post(reverse("new_device_model"), typed(form_of_example(RAIN), step="keep"))
    assert answer.status_code == (302 if status == 200 else 403)
    assert DeviceModel.objects.exists() == (status == 200)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each.key)
def test_an_example_is_tried_and_kept_as_it_stands(duty, example):
    page = duty.get(reverse("new_device_model"), {"example": example.key})
    assert example.topic in page.content.decode()
    form = typed(page.context["form"])
    tried = duty.post(reverse("new_device_model"), {**form, "step": "try"})
    assert [x["element"] for x in tried.context["tried"].readings] == {
        "rain-gauge": ["PN05", "PT", "VT"],
        "gateway": ["Z", "AI", "MST"],
    }[example.key]
    assert not DeviceModel.objects.exists()
    assert not Reading.objects.exists()
    kept = duty.post(reverse("new_device_model"), {**form, "step": "keep"}, follow=True)
    assert "is kept" in kept.content.decode()
    row = DeviceModel.objects.get()
    assert (row.name, row.topic, row.mapping) == (example.name, example.topic, example.mapping)


def test_what_is_kept_comes_back_into_the_form_unchanged(duty):
    for example in EXAMPLES:
        row = DeviceModel(name=example.name, topic=example.topic, mapping=example.mapping)
        assert form_of_model(row).mapping() == example.mapping


def tried(client, example, **changes):
    form = typed(form_of_example(example), step="try", **changes)
    return client.post(reverse("new_device_model"), form).content.decode()


def test_the_box_shows_values_in_units_and_local_time(duty):
    page = tried(duty, RAIN)
    for text in ("0990701001", "rain in 5 minutes", "2.5 mm", "2024-07-15 20:00:00", "3 readings"):
        assert text in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"sample": "{"}, "The payload is no JSON"),
        ({"sample": "{}"}, "The path “ts” leads nowhere"),
        (
            {"sample": '{"ts": 1721044800000, "data": {"rain5": "wet"}}'},
            "“data.rain5” stands no number but “wet”",
        ),
        ({"time_kind": "epoch_s"}, "“ts” stands no time of the kind declared"),
        ({"time_kind": "local", "time_form": "%H"}, "no form of date, hour and minute: “%H”"),
        ({"address_part": "x"}, "“address.topic” is “x”"),
        ({"address_part": "9"}, "has no part number 9"),
        ({"sample_topic": "snow/1/up"}, "does not fall under “rain/+/up”"),
        ({"path": ["a..b", "", ""]}, "“values.1.path” is no path: “a..b”"),
        ({"scale": ["0", "", ""]}, "“values.1.scale” is 0"),
        ({"element": ["", "", ""], "path": ["", "", ""]}, "Name at least one value"),
    ],
)
def test_the_box_says_what_is_wrong(duty, changes, sentence):
    assert sentence in tried(duty, RAIN, **changes).replace("&quot;", '"')


def test_a_wrong_form_is_not_kept_and_keeps_what_was_typed(duty):
    form = typed(form_of_example(RAIN), step="keep", topic="a/#/b", name="")
    page = duty.post(reverse("new_device_model"), form).content.decode()
    assert "no filter of MQTT" in page
    assert "Give the device model a name" in page
    assert "data.rain5" in page
    assert not DeviceModel.objects.exists()


def test_more_rows(duty):
    form = typed(form_of_example(RAIN), step="more")
    page = duty.post(reverse("new_device_model"), form)
    assert len(page.context["form"].rows) == len(RAIN.mapping["values"]) + 3


def test_a_model_is_changed_unless_somebody_was_quicker(duty):
    row = DeviceModel.objects.create(name=RAIN.name, topic=RAIN.topic, mapping=RAIN.mapping)
    address = reverse("device_model", args=[row.pk])
    page = duty.get(address)
    form = typed(page.context["form"], seen=page.context["seen"], step="keep", topic="rain/#")
    assert duty.post(address, form).status_code == 302
    again = duty.post(address, form).content.decode()
    assert "Somebody has changed" in again
    row.refresh_from_db()
    assert (row.topic, row.mapping) == ("rain/#", RAIN.mapping)
    assert duty.get(reverse("device_model", args=[row.pk + 1])).status_code == 404


def test_another_county_does_not_change_the_model_of_our_stations(accounts, cast):
    row = DeviceModel.objects.create(name=RAIN.name, topic=RAIN.topic, mapping=RAIN.mapping)
    Station.objects.filter(pk=cast.stations["river"].pk).update(device_model=row)
    far = logged_in(accounts["far-admin"], language="en")
    address = reverse("device_model", args=[row.pk])
    page = far.get(address)
    form = typed(page.context["form"], seen=page.context["seen"], step="keep", topic="stolen/#")
    assert "1 stations of other divisions" in far.post(address, form).content.decode()
    row.refresh_from_db()
    assert row.topic == RAIN.topic


def test_the_pages_ask_little(duty):
    for number in range(30):
        model = DeviceModel.objects.create(name=f"m{number}", topic="a", mapping=RAIN.mapping)
    for address in (reverse("device_models"), reverse("device_model", args=[model.pk])):
        with CaptureQueriesContext(connection) as asked:
            assert duty.get(address).status_code == 200
        assert len(asked) < 20
