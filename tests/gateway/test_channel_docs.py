"""The page for operators says what is so: every kind and option, and a callback that holds."""

import re
from datetime import UTC, datetime

from anlan.warning.gateways.checking import OPTIONS
from anlan.warning.gateways.making import read_callback
from anlan.warning.gateways.provider import HeardKind, ProviderSettings
from tests.architecture.tree import ROOT

PAGE = (ROOT / "docs" / "channels.md").read_text()


def test_every_kind_and_option_is_told():
    told = set(re.findall(r"`([a-z_]+)`", PAGE))
    assert not set(OPTIONS) - told
    assert not {name for names in OPTIONS.values() for name in names} - told


def test_the_callback_on_the_page_is_believed():
    head, _, rest = PAGE.partition("X-Timestamp: ")[2].partition("\n\n")
    headers = dict(line.split(": ") for line in f"X-Timestamp: {head}".splitlines())
    account = re.search(r"account `([^`]+)` and the secret `([^`]+)`", PAGE)
    assert account
    settings = ProviderSettings("gateway", "", account[1], account[2])
    now = datetime.fromtimestamp(int(headers["X-Timestamp"]), UTC)
    body = rest.partition("\n")[0].encode()
    found = read_callback("sms", settings, headers=headers, body=body, now=now)
    assert [(each.kind, each.key) for each in found.heard] == [(HeardKind.RECEIPT, "k-4711")]
