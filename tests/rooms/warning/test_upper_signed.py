"""Signatures of upper levels: who is believed, who is kept out, who may end what."""

import pytest

from anlan.warning.data import SignatureVerdict, UpperState
from anlan.warning.facts import upper_warning_received
from anlan.warning.models import UpperWarning
from tests.gateway.cap_specimens import Signer, message, reference
from tests.upper_levels import add_source, receive, states

FIRST = "61070341600000_20240715193000_0"
SECOND = "61070341600000_20240715194500_0"


def following(msg_type: str, **given: str) -> str:
    """Return a message that names the first one."""
    told = {"identifier": SECOND, "sent": "2024-07-15T19:45:00+08:00", "after_scope": reference()}
    return message(msg_type=msg_type, **{**told, **given})


@pytest.fixture
def heard():
    found: list[str] = []

    def note(sender, *, signal, upper_uuid):
        found.append(upper_uuid)

    upper_warning_received.connect(note, weak=False)
    yield found
    upper_warning_received.disconnect(note)


@pytest.fixture(scope="module")
def office():
    return Signer("市气象台")


@pytest.fixture
def strict(cast, office):
    return add_source(trusted_certificates=office.pem, requires_signature=True)


def test_a_signed_message_is_in_force_with_its_signer(strict, office):
    receive(office.sign(message()), strict)
    row = UpperWarning.objects.get()
    assert (row.state, row.verdict) == (UpperState.IN_FORCE, SignatureVerdict.VALID)
    assert row.signer == "市气象台"


@pytest.mark.parametrize("kind", ["unsigned", "untrusted", "broken"])
def test_without_the_signature_that_is_asked_for_it_is_kept_as_not_accepted(
    strict, office, kind, heard
):
    content = {
        "unsigned": message().encode(),
        "untrusted": Signer("别人").sign(message()),
        "broken": office.sign(message()).replace("暴雨".encode(), "暴雪".encode()),
    }[kind]
    receive(content, strict)
    receive(content, strict)
    row = UpperWarning.objects.get()
    assert (row.state, row.refusal, row.verdict) == (UpperState.REFUSED, kind, kind)
    assert heard == []
    # The genuine one is not kept out by the forged one that came before it.
    receive(office.sign(message()), strict)
    assert UpperWarning.objects.filter(state=UpperState.IN_FORCE).count() == 1


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_forged_cancel_ends_nothing(strict, office, order):
    texts = (office.sign(message()), following("Cancel").encode())
    for number in order:
        receive(texts[number], strict)
    assert states() == {FIRST: UpperState.IN_FORCE, SECOND: UpperState.REFUSED}


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_what_was_signed_ends_only_by_a_signed_one(strict, office, order):
    lax = add_source("http://lax.example.cn/")
    steps = ((office.sign(message()), strict), (following("Cancel"), lax))
    for number in order:
        receive(*steps[number])
    assert states()[FIRST] == UpperState.IN_FORCE
    signed = following("Cancel", identifier="third", sent="2024-07-15T19:50:00+08:00")
    receive(office.sign(signed), strict)
    assert states()[FIRST] == UpperState.CANCELLED


def test_a_signed_message_takes_the_number_of_one_that_nobody_vouches_for(strict, office):
    lax = add_source("http://lax.example.cn/")
    receive(message().replace("暴雨", "晴"), lax)
    receive(office.sign(message()), strict)
    assert dict(UpperWarning.objects.values_list("event", "state")) == {
        "晴": UpperState.REFUSED,
        "暴雨": UpperState.IN_FORCE,
    }
    assert receive(message(), lax).is_new is False


def test_a_broken_signature_is_shown_where_none_is_asked_for(cast, office):
    receive(office.sign(message()).replace(b"Severe", b"Extreme"), add_source())
    row = UpperWarning.objects.get()
    assert (row.state, row.verdict) == (UpperState.IN_FORCE, SignatureVerdict.BROKEN)
