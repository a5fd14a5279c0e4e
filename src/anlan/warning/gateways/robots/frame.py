"""What a robot of WeCom or DingTalk is told, and what its errors mean.

WeCom: developer.work.weixin.qq.com, 群机器人配置说明 (path 91770) and 全局错误码 (path 90313).
DingTalk: open.dingtalk.com, 自定义机器人接入 and 自定义机器人安全设置.
"""

import hmac
import json
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final
from urllib.parse import quote, urlencode

from anlan.warning.gateways.ordering import Unsendable
from anlan.warning.gateways.plain import is_mobile, link_of, one_line, phone_number, whole_text
from anlan.warning.gateways.provider import Outcome, Outgoing, ProviderSettings, Sent

EVERYBODY: Final = "@all"
WECOM_BYTES, WECOM_MARKDOWN_BYTES, DINGTALK_BYTES = 2048, 4096, 15_000
# Signs that mean something in markdown, and those of full width that look alike and mean nothing.
_MARKUP: Final = str.maketrans("*_`#<>[]()~|\\", "＊＿｀＃＜＞［］（）～｜＼")
_WECOM: Final[Mapping[int, Outcome]] = {
    0: Outcome.TAKEN,
    -1: Outcome.LATER,  # busy
    45009: Outcome.LATER,  # more than 20 messages a minute
    45033: Outcome.LATER,  # too many at once
    40001: Outcome.DOWN,  # a wrong secret
    40014: Outcome.DOWN,  # a wrong token
    60020: Outcome.DOWN,  # not from this IP address
    93000: Outcome.DOWN,  # no such robot, or it was removed from the chat
    93004: Outcome.DOWN,  # the robot is switched off
    93008: Outcome.DOWN,  # it is not in the chat
}
_DINGTALK: Final[Mapping[int, Outcome]] = {
    0: Outcome.TAKEN,
    -1: Outcome.LATER,  # busy
    88: Outcome.LATER,  # forbidden for a moment
    130101: Outcome.LATER,  # more than 20 messages a minute
    410100: Outcome.LATER,  # the same
    40014: Outcome.DOWN,  # a wrong token
    300001: Outcome.DOWN,  # no such token
    310000: Outcome.DOWN,  # signature or IP address; a missing keyword is another matter
    400013: Outcome.DOWN,  # the chat was dissolved
    400101: Outcome.DOWN,  # no such token
    400102: Outcome.DOWN,  # the robot is switched off
    400106: Outcome.DOWN,  # no such robot
}
_KEYWORD_FAULT: Final = 310000


@dataclass(frozen=True)
class Robot:
    """A kind of robot: where it usually is, how it is spoken to, how it proves who speaks."""

    address: str
    body: Callable[[Sequence[Outgoing], ProviderSettings], bytes]
    query: Callable[[ProviderSettings, datetime], str]
    codes: Mapping[int, Outcome]


def said_by(robot: Robot, body: bytes) -> Sent:
    """Return what a robot answered. What it says in words is left out: it may name a key."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        found = None
    code = found.get("errcode") if isinstance(found, dict) else None
    if isinstance(code, str) and code.lstrip("-").isdecimal() and len(code) < 10:
        code = int(code)
    if not isinstance(code, int) or isinstance(code, bool):
        return Sent(Outcome.UNKNOWN, reason="unreadable")
    outcome = robot.codes.get(code, Outcome.REFUSED)
    if code == _KEYWORD_FAULT and "keyword" in str(found.get("errmsg")):
        return Sent(Outcome.REFUSED, reason="keyword")
    return Sent(outcome, reason="" if outcome is Outcome.TAKEN else f"errcode {code}")


def mentioned(messages: Sequence[Outgoing]) -> list[str]:
    """Return the mobile numbers of those whom messages are for."""
    numbers = [phone_number(message.to) for message in messages]
    return list(dict.fromkeys(number for number in numbers if is_mobile(number)))


def cut(text: str, *, end: str, most: int) -> str:
    """Return a text and its end in at most so many bytes, cut in the text."""
    room = most - len(end.encode())
    raw = text.encode()
    if len(raw) > room:
        text = raw[: room - 3].decode("utf-8", "ignore") + "…"
    return text + end


def _wecom_body(messages: Sequence[Outgoing], settings: ProviderSettings) -> bytes:
    if settings.options.get("format") == "markdown":
        return _wecom_markdown(messages[0])
    numbers = mentioned(messages)
    if any(message.to == EVERYBODY for message in messages):
        numbers.append(EVERYBODY)
    content = cut(_text_of(messages[0]), end=_end_of(messages[0]), most=WECOM_BYTES)
    text = {"content": content, "mentioned_mobile_list": numbers}
    return _json({"msgtype": "text", "text": text})


def _wecom_markdown(message: Outgoing) -> bytes:
    """Return a message with a bold title and a link; nothing else of it is markup."""
    title, link = one_line(message.title).translate(_MARKUP), quote(link_of(message), safe=_URL)
    lines = _text_of(message).translate(_MARKUP).removeprefix(title).strip()
    end = f"\n[{link}]({link})" if link else ""
    begin = f"**{title}**\n" if title else ""
    content = cut(begin + lines, end=end, most=WECOM_MARKDOWN_BYTES)
    return _json({"msgtype": "markdown", "markdown": {"content": content}})


_URL: Final = ":/?&=%#.,;~+@!$'-"


def _wecom_query(settings: ProviderSettings, _now: datetime) -> str:
    return urlencode({"key": settings.secret}) if settings.secret else ""


def _dingtalk_body(messages: Sequence[Outgoing], settings: ProviderSettings) -> bytes:
    numbers = mentioned(messages)
    called = "".join(f" @{number}" for number in numbers)
    end = _end_of(messages[0]) + (f"\n{called.strip()}" if called else "")
    text = {"content": cut(_text_of(messages[0]), end=end, most=DINGTALK_BYTES)}
    is_for_all = any(message.to == EVERYBODY for message in messages)
    return _json(
        {"msgtype": "text", "text": text, "at": {"atMobiles": numbers, "isAtAll": is_for_all}}
    )


def _dingtalk_query(settings: ProviderSettings, now: datetime) -> str:
    """Return the token and the signature; the secret holds both, a blank between them."""
    token, _, secret = settings.secret.strip().partition(" ")
    told = {"access_token": token} if token else {}
    if secret.strip():
        told |= dingtalk_sign(secret.strip(), now=now)
    return urlencode(told)


def dingtalk_sign(secret: str, *, now: datetime) -> dict[str, str]:
    """Return the timestamp and signature of a robot with the security setting 加签."""
    timestamp = str(int(now.timestamp() * 1000))
    said = hmac.new(secret.encode(), f"{timestamp}\n{secret}".encode(), sha256)
    return {"timestamp": timestamp, "sign": b64encode(said.digest()).decode()}


def _text_of(message: Outgoing) -> str:
    text = whole_text(message)
    if not text:
        raise Unsendable("no-text")
    return text


def _end_of(message: Outgoing) -> str:
    link = link_of(message)
    return f"\n{link}" if link else ""


def _json(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


WECOM: Final = Robot(
    "https://qyapi.weixin.qq.com/cgi-bin/webhook/send", _wecom_body, _wecom_query, _WECOM
)
DINGTALK: Final = Robot(
    "https://oapi.dingtalk.com/robot/send", _dingtalk_body, _dingtalk_query, _DINGTALK
)
