"""What providers call back: what is signed is heard; forged, old or senseless, it is refused."""

import json
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.warning.gateways.making import make_provider, read_callback
from anlan.warning.gateways.provider import CallbackRefused, HeardKind, Outgoing, ProviderSettings
from anlan.warning.gateways.signing import CALLBACK, signed
from tests.raw_server import Call
from tests.sms_centre import ACCOUNT, SECRET, Centre, centre

NOW = datetime(2026, 7, 15, 12, tzinfo=UTC)
SETTINGS = ProviderSettings("sms", "http://127.0.0.1:9/", ACCOUNT, SECRET)


def test_receipts_and_replies_are_heard():
    gateway = Centre()
    headers, body = gateway.callback(
        now=NOW,
        reports=[
            gateway.report("k1"),
            gateway.report("k2", status="UNDELIV"),
            gateway.report("k3", status="ENROUTE"),
        ],
        replies=[{"mobile": "+86 139 0000 0001", "text": "收到\x00\x1b，{{已}}转移"}],
    )
    found = read_callback("sms", SETTINGS, headers=headers, body=body, now=NOW)
    assert (found.nonce, found.at) == (headers["X-Nonce"], NOW)
    one, two, reply = found.heard
    assert (one.kind, one.key, one.reference) == (HeardKind.RECEIPT, "k1", "m-k1")
    assert (one.is_delivered, two.is_delivered, two.reason) == (True, False, "UNDELIV")
    assert (reply.kind, reply.sender, reply.text) == (
        HeardKind.REPLY,
        "13900000001",
        "收到，{{已}}转移",
    )


def refused(settings: ProviderSettings, headers: dict[str, str], body: bytes, now=NOW) -> str:
    with pytest.raises(CallbackRefused) as found:
        read_callback("sms", settings, headers=headers, body=body, now=now)
    assert SECRET not in repr(found.value)
    return str(found.value)


def test_a_callback_that_is_forged_or_old_is_refused():
    gateway = Centre()
    headers, body = gateway.callback(now=NOW, reports=[gateway.report("k1")])
    assert refused(SETTINGS, headers, body + b" ") == "signature"
    assert refused(SETTINGS, {**headers, "X-Nonce": "a" * 20}, body) == "signature"
    assert refused(SETTINGS, {**headers, "X-Timestamp": "1784116801"}, body) == "signature"
    assert refused(SETTINGS, {**headers, "X-Signature": ""}, body) == "signature"
    assert refused(SETTINGS, {**headers, "X-Signature": "é" * 64}, body) == "signature"
    assert refused(SETTINGS, {}, body) == "unsigned"
    assert refused(replace(SETTINGS, account="other"), headers, body) == "signature"
    assert refused(replace(SETTINGS, secret=""), headers, body) == "unsigned"
    for minutes in (5.1, -5.1, 9e5):
        assert refused(SETTINGS, headers, body, NOW + timedelta(minutes=minutes)) == "old"
    headers, body = gateway.callback(now=NOW, secret="guessed", reports=[])
    assert refused(SETTINGS, headers, body) == "signature"


def test_an_order_of_ours_is_no_callback():
    """Nobody sends us our own signature back."""
    taken = []

    def mood(_call: Call, request: bytes) -> bool:
        taken.append(request)
        return False

    with (
        centre(mood=mood) as gateway,
        closing(make_provider("sms", gateway.settings())) as provider,
    ):
        provider.send([Outgoing("k1", "13900000001", "", "水")])
    head, _, body = taken[0].partition(b"\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
    now = datetime.fromtimestamp(int(headers["X-Timestamp"]), UTC)
    assert refused(SETTINGS, headers, body, now) == "signature"


def test_a_callback_without_sense_or_end_is_refused():
    gateway = Centre()
    many = [gateway.report(f"k{n}") for n in range(1_001)]
    headers, body = gateway.callback(now=NOW, reports=many)
    assert refused(SETTINGS, headers, body) == "too-large"
    headers, body = gateway.callback(now=NOW, reports=[{"extId": "x" * 300_000}])
    assert refused(SETTINGS, headers, body) == "too-large"
    headers, body = gateway.callback(now=NOW, reports="none")  # type: ignore[arg-type]
    assert refused(SETTINGS, headers, body) == "unreadable"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=12,
)
ROWS = st.lists(
    st.dictionaries(
        st.sampled_from(
            [
                "extId",
                "msgId",
                "status",
                "mobile",
                "text",
                "callId",
                "id",
                "result",
                "key",
                "to",
                "device",
                "reason",
            ]
        ),
        JSON,
    )
)


def signed_callback(body: bytes, now: datetime = NOW) -> dict[str, str]:
    return signed(body, settings=SETTINGS, now=now, nonce="n" * 16, purpose=CALLBACK)


@given(
    st.sampled_from(["sms", "voice", "loudspeaker_http", "email", "none"]),
    st.binary()
    | ROWS.map(lambda rows: json.dumps({"reports": rows, "replies": rows, "calls": rows}).encode())
    | JSON.map(lambda each: json.dumps(each).encode()),
    st.booleans(),
    st.dictionaries(st.sampled_from(["X-Nonce", "X-Timestamp", "x-signature"]), st.text()),
)
def test_whatever_comes_is_heard_or_refused(kind, body, is_signed, headers):
    told = {**signed_callback(body), **headers} if is_signed else headers
    try:
        found = read_callback(kind, SETTINGS, headers=told, body=body, now=NOW)
    except CallbackRefused:
        return
    assert is_signed
    for heard in found.heard:
        assert heard.text.isprintable() or "\n" in heard.text
        assert len(heard.key + heard.reference + heard.sender + heard.reason) <= 4 * 64
