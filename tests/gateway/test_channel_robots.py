"""Robots of WeCom and DingTalk: what they are told, what their errors mean, no key told."""

import json
import logging
import re
from contextlib import closing
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.warning.gateways.making import make_provider
from anlan.warning.gateways.provider import Outcome, Outgoing, ProviderSettings, Sent
from anlan.warning.gateways.robots.frame import DINGTALK, WECOM, dingtalk_sign, said_by
from tests.raw_server import Call, raw_server
from tests.sms_centre import json_answer

KEY = "693axxx6-7aoc-4bc4-97a0-0ec2sifa5aaa"
SIGNING = "SEC8d1c0ffee"
SETTINGS = ProviderSettings("chat", "", secret=KEY)


def message(number: int = 0, **given: str) -> Outgoing:
    values = {"key": f"k{number}", "to": f"1390000000{number}", "title": "山洪预警", "text": "转移"}
    return Outgoing(**{**values, **given})  # type: ignore[arg-type]  # all but `cap` are text


def told(
    kind: str, *messages: Outgoing, answers: tuple[object, ...] = ({"errcode": 0},), **options: str
) -> tuple[list[Sent], list[tuple[str, dict[str, object]]]]:
    """Return what was said of messages, and the paths and bodies that a robot was sent."""
    seen: list[tuple[str, dict[str, object]]] = []

    def script(call: Call) -> None:
        while request := call.request():
            head, _, body = request.partition(b"\r\n\r\n")
            seen.append((head.decode().split(" ")[1], json.loads(body)))
            call.say(json_answer(answers[min(len(seen), len(answers)) - 1]))

    secret = KEY if kind == "wecom" else f"{KEY} {SIGNING}"
    with raw_server(script) as server:
        settings = ProviderSettings("chat", server.address, "", secret, options, timeout_s=1)
        with closing(make_provider(kind, settings)) as provider:
            return list(provider.send(messages)), seen


def test_wecom_is_told_a_text_that_mentions_people():
    said, seen = told("wecom", message(link="https://a.cn/w"), message(1, link="https://a.cn/w"))
    assert said == [Sent(Outcome.TAKEN)] * 2
    assert seen == [
        (
            f"/send?key={KEY}",
            {
                "msgtype": "text",
                "text": {
                    "content": "山洪预警\n转移\nhttps://a.cn/w",
                    "mentioned_mobile_list": ["13900000000", "13900000001"],
                },
            },
        )
    ]


def test_a_link_of_ones_own_makes_a_message_of_ones_own():
    _, seen = told("wecom", message(link="https://a.cn/1"), message(1, link="https://a.cn/2"))
    assert len(seen) == 2


def test_dingtalk_is_signed_and_calls_people():
    said, seen = told("dingtalk", message(), message(1), message(2, to="@all"))
    assert said == [Sent(Outcome.TAKEN)] * 3
    ((path, body),) = seen
    query = {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}
    at = datetime.fromtimestamp(int(query["timestamp"]) / 1000, UTC)
    assert query == {"access_token": KEY, **dingtalk_sign(SIGNING, now=at)}
    assert body == {
        "msgtype": "text",
        "text": {"content": "山洪预警\n转移\n@13900000000 @13900000001"},
        "at": {"atMobiles": ["13900000000", "13900000001"], "isAtAll": True},
    }


def test_the_signature_of_dingtalk():
    """HMAC-SHA256 with the secret of `timestamp`, a line break and the secret; by openssl."""
    now = datetime.fromtimestamp(1_577_262_236.757, UTC)
    assert dingtalk_sign("this is secret", now=now) == {
        "timestamp": "1577262236757",
        "sign": "hmPWwU+7lVdm3ZZz0r9tSfx0L4Q26jWOZr9+Gs6EZQM=",
    }


@pytest.mark.parametrize(
    ("robot", "answer", "outcome"),
    [
        (WECOM, {"errcode": 0, "errmsg": "ok"}, Outcome.TAKEN),
        (WECOM, {"errcode": 45009, "errmsg": "api freq out of limit"}, Outcome.LATER),
        (WECOM, {"errcode": -1, "errmsg": "system busy"}, Outcome.LATER),
        (WECOM, {"errcode": 93000, "errmsg": f"invalid webhook url {KEY}"}, Outcome.DOWN),
        (WECOM, {"errcode": 40058, "errmsg": "invalid Request Parameter"}, Outcome.REFUSED),
        (DINGTALK, {"errcode": "0"}, Outcome.TAKEN),
        (DINGTALK, {"status": 1111, "errcode": 130101, "errmsg": "send too fast"}, Outcome.LATER),
        (DINGTALK, {"errcode": 410100}, Outcome.LATER),
        (DINGTALK, {"errcode": 310000, "errmsg": "sign not match"}, Outcome.DOWN),
        (DINGTALK, {"errcode": 310000, "errmsg": "keywords not in content"}, Outcome.REFUSED),
        (DINGTALK, {"errcode": 300001, "errmsg": "token is not exist"}, Outcome.DOWN),
        (DINGTALK, {"errcode": 430102}, Outcome.REFUSED),
        (DINGTALK, {"errcode": True}, Outcome.UNKNOWN),
        (DINGTALK, {"errcode": "0x0"}, Outcome.UNKNOWN),
        (DINGTALK, ["errcode"], Outcome.UNKNOWN),
    ],
)
def test_errors_mean_what_their_pages_say(robot, answer, outcome):
    found = said_by(robot, json.dumps(answer).encode())
    assert found.outcome is outcome
    assert KEY not in repr(found)


def test_a_robot_that_is_overrun_is_not_asked_for_every_message():
    answers = ({"errcode": 0}, {"errcode": 45009})
    said, seen = told("wecom", *[message(n, text=f"第{n}") for n in range(9)], answers=answers)
    assert [each.outcome for each in said] == [Outcome.TAKEN] + [Outcome.LATER] * 8
    assert len(seen) == 2


def test_markup_is_text_in_a_text_and_in_markdown():
    evil = message(text="**粗** [点](http://evil) <font color=red>x</font> {{7*7}} `a`\x1b")
    _, seen = told("wecom", evil)
    assert "**粗** [点](http://evil) <font color=red>x</font> {{7*7}} `a`" in str(seen)
    _, seen = told("wecom", evil, format="markdown")
    content = str(seen[0][1]["markdown"])
    assert "**山洪预警**" in content
    assert "＊＊粗＊＊ ［点］（http://evil） ＜font color=red＞" in content


@pytest.mark.parametrize("kind", ["wecom", "dingtalk"])
def test_a_key_stands_in_no_log_and_no_answer(kind, caplog):
    caplog.set_level(logging.DEBUG)
    said, _ = told(kind, message(), answers=({"errcode": 93000, "errmsg": KEY},))
    for address in ("http://127.0.0.1:1/send", "http://nobody.invalid/send"):
        secret = f"{KEY} {SIGNING}"
        settings = ProviderSettings("chat", address, secret=secret, timeout_s=1)
        said += make_provider(kind, settings).send([message()])
    assert KEY not in caplog.text + repr(said)
    assert SIGNING not in caplog.text + repr(said)


@pytest.mark.parametrize("robot", [WECOM, DINGTALK])
@given(title=st.text(), text=st.text(max_size=3000), link=st.text(max_size=50))
def test_any_text_fits(robot, title, text, link):
    body = robot.body([message(title=title, text="水" + text, link=link)], SETTINGS)
    content = json.loads(body)["text"]["content"]
    assert len(content.encode()) <= (2048 if robot is WECOM else 15_000)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u202e\ud800-\udfff]", content)


def test_no_text_is_refused_without_a_request():
    said, seen = told("wecom", message(title="", text="\x00"))
    assert (said, seen) == ([Sent(Outcome.REFUSED, reason="no-text")], [])


@given(st.binary())
def test_any_answer_means_something(body):
    assert said_by(WECOM, body).outcome in Outcome
