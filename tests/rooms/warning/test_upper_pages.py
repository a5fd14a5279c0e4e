"""The pages of upper-level warnings: who sees which, in which order, in which words."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from anlan.kernel import scope
from anlan.registry.data import Colour, Hazard
from anlan.warning.api import count_upper_in_force, upper_warnings_in_force
from anlan.warning.models import UpperWarning
from tests.cast import COUNTY, LOWER, SLOPE, UPPER
from tests.entrance import OTHER_COUNTY, logged_in, open_accounts
from tests.evening import QUICK_HASH
from tests.gateway.cap_specimens import FILES, Signer, message, reference
from tests.upper_levels import add_source, receive

FAR_CODE = "<geocode><valueName>x</valueName><value>610702</value></geocode>"
ELSEWHERE = f"<area><areaDesc>远县</areaDesc>{FAR_CODE}</area>"


@pytest.fixture
def accounts(cast, settings):
    settings.PASSWORD_HASHERS = QUICK_HASH
    return open_accounts()


@pytest.fixture
def visit(accounts):
    def enter(name: str) -> Client:
        client = logged_in(accounts[name])
        client.cookies["django_language"] = "en"
        return client

    return enter


@pytest.fixture
def source(accounts):
    return add_source()


def titled(text: str, **given: str) -> str:
    more = f"<headline>{text}</headline>" + given.pop("more", "")
    return message(identifier=f"id-{text}", more=more, **given)


def page(client: Client, name: str, *args: object, **query: str) -> str:
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def uuid_of(title: str) -> str:
    return str(UpperWarning.objects.get(headline=title).uuid)


def test_those_in_force_come_first_and_elsewhere_is_left_out(source, visit):
    receive(titled("旧的", sent="2024-07-15T19:00:00+08:00"), source)
    receive(titled("演练", status="Exercise", sent="2024-07-15T19:50:00+08:00"), source)
    receive(titled("别处", area=ELSEWHERE, sent="2024-07-15T19:55:00+08:00"), source)
    text = page(visit("duty"), "upper_warnings")
    assert text.index("旧的") < text.index("演练")
    assert "exercise or test" in text
    assert "别处" not in text
    assert "别处" in page(visit("duty"), "upper_warnings", everywhere="1")
    only = page(visit("duty"), "upper_warnings", state="exercise")
    assert "演练" in only
    assert "旧的" not in only
    assert "旧的" in page(visit("duty"), "upper_warnings", colour="3", state="in_force")
    assert "旧的" not in page(visit("duty"), "upper_warnings", colour="4")


def test_an_empty_list_says_what_will_come(visit):
    assert "appear here by themselves" in page(visit("duty"), "upper_warnings")
    assert "Take something out" in page(visit("duty"), "upper_warnings", state="expired")


def test_one_message_whole(source, visit):
    more = (
        "<eventCode><valueName>e</valueName><value>11B03</value></eventCode>"
        "<senderName>市气象台</senderName><headline>暴雨红色预警</headline>"
        "<description>雨强 &lt;script&gt;超百毫米</description><instruction>立即转移</instruction>"
        "<web>javascript:alert(1)</web>"
    )
    found = receive(message(more=more), source)
    text = page(visit("duty"), "upper_warning", found.uuid)
    for word in (
        "暴雨红色预警",
        "in force",
        "立即转移",
        "上河镇",
        "not signed",
        "11B03",
        "61070341600000_20240715193000_0",
        "division 610703",
        "act at once · severe danger · likely (more than half)",
    ):
        assert word in text, word
    assert "<script>超" not in text
    assert "javascript:" not in text


def test_the_message_is_given_out_as_it_came(source, visit):
    found = receive(FILES["taiwan_reservoir_discharge_2014.xml"], source)
    answer = visit("duty").get(reverse("upper_warning_file", args=[found.uuid]))
    assert answer.content == FILES["taiwan_reservoir_discharge_2014.xml"]
    assert answer["Content-Type"] == "application/xml"
    assert "attachment" in answer["Content-Disposition"]
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_what_ended_a_warning_is_linked_both_ways(source, visit):
    receive(message(more="<headline>第一</headline>"), source)
    receive(
        message(
            identifier="second",
            msg_type="Cancel",
            sent="2024-07-15T19:45:00+08:00",
            after_scope=reference(),
            more="<headline>解除</headline>",
        ),
        source,
    )
    first = page(visit("duty"), "upper_warning", uuid_of("第一"))
    assert "cancelled by its sender" in first
    assert uuid_of("解除") in first
    assert uuid_of("第一") in page(visit("duty"), "upper_warning", uuid_of("解除"))


def test_a_message_that_has_not_come_is_named(source, visit):
    receive(titled("后", msg_type="Update", after_scope=reference("missing-one")), source)
    text = page(visit("duty"), "upper_warning", uuid_of("后"))
    assert "missing-one" in text
    assert "has not come" in text


def test_a_refused_message_says_why_and_not_to_act(accounts, visit):
    office = Signer("市气象台")
    strict = add_source(trusted_certificates=office.pem, requires_signature=True)
    found = receive(titled("假的"), strict)
    text = page(visit("duty"), "upper_warning", found.uuid)
    assert "Not accepted: do not act on it." in text
    assert "this message is not signed" in text
    assert "not accepted" in page(visit("duty"), "upper_warnings")
    signed = receive(office.sign(titled("真的")), strict)
    text = page(visit("duty"), "upper_warning", signed.uuid)
    assert "signed by a trusted sender · 市气象台" in text


def test_an_unsigned_cancellation_of_a_signed_warning_says_that_it_ends_nothing(accounts, visit):
    office = Signer("市气象台")
    source = add_source(trusted_certificates=office.pem)
    receive(office.sign(message()), source)
    found = receive(titled("解除", msg_type="Cancel", after_scope=reference()), source)
    assert "stays in force" in page(visit("duty"), "upper_warning", found.uuid)


def test_an_exercise_is_told_as_one(source, visit):
    found = receive(titled("演练", status="Exercise"), source)
    assert "Nothing of it is real" in page(visit("duty"), "upper_warning", found.uuid)
    assert "level-3" not in page(visit("duty"), "upper_warnings")  # no colour that calls to act


# Sight


@pytest.mark.parametrize(
    ("code", "seeing"),
    [
        (COUNTY, {"duty", "upper", "lower", "slope"}),
        (UPPER, {"duty", "upper", "slope"}),
        (LOWER, {"duty", "lower"}),
        (SLOPE, {"duty", "upper", "slope"}),
    ],
)
def test_whoever_lies_in_the_touched_places_sees_it_and_nobody_else(source, visit, code, seeing):
    geocode = f"<geocode><valueName>x</valueName><value>{code}</value></geocode>"
    area = f"<area><areaDesc>某地</areaDesc>{geocode}</area>"
    found = receive(titled("预警", area=area), source)
    for who in ("duty", "upper", "lower", "slope", "far-admin", "far-town"):
        client = visit(who)
        assert ("预警" in page(client, "upper_warnings")) is (who in seeing), who
        for name in ("upper_warning", "upper_warning_file"):
            status = client.get(reverse(name, args=[found.uuid])).status_code
            assert status == (200 if who in seeing else 404), (who, name)


def test_two_counties_hear_the_same_feed_each_for_itself(source, visit):
    far = add_source(division_id=OTHER_COUNTY)
    receive(titled("都有"), source)
    receive(titled("都有", area="<area><areaDesc>区域</areaDesc></area>"), far)
    assert UpperWarning.objects.count() == 2
    assert page(visit("duty"), "upper_warnings").count("都有") == 1
    assert page(visit("far-admin"), "upper_warnings").count("都有") == 1


def test_a_village_is_told_only_its_own_of_the_places(source, visit):
    area = "".join(
        f"<geocode><valueName>x</valueName><value>{code}</value></geocode>"
        for code in (SLOPE, LOWER)
    )
    found = receive(titled("两处", area=f"<area><areaDesc>x</areaDesc>{area}</area>"), source)
    text = page(visit("slope"), "upper_warning", found.uuid)
    assert "坡下村" in text
    assert "下河镇" not in text


def test_rooms_above_are_told_what_is_in_force(source):
    code = "<eventCode><valueName>e</valueName><value>11A51</value></eventCode>"
    found = receive(titled("山洪", more="").replace("<headline>", code + "<headline>"), source)
    receive(titled("别处", area=ELSEWHERE), source)
    receive(titled("演练", status="Test"), source)
    (notice,) = upper_warnings_in_force()
    assert (notice.uuid, notice.county, notice.places) == (found.uuid, COUNTY, (UPPER,))
    assert (notice.hazard, notice.colour) == (Hazard.FLASH_FLOOD, Colour.ORANGE)
    assert upper_warnings_in_force([found.uuid]) == [notice]
    assert upper_warnings_in_force([]) == []
    assert count_upper_in_force() == 1
    with scope.limited_to([LOWER]):
        assert upper_warnings_in_force() == []


def test_pages_ask_little_however_many_there_are(source, visit):
    for number in range(60):
        receive(titled(f"第{number}号"), source)
    client = visit("upper")
    with CaptureQueriesContext(connection) as asked:
        page(client, "upper_warnings")
    assert len(asked) < 20
    assert "第59号" in page(client, "upper_warnings", page="2") + page(client, "upper_warnings")
