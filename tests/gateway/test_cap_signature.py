"""A signature is valid when a trusted key made it over the whole message, in time, and safely."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from anlan.warning.gateways.cap.errors import CapError
from anlan.warning.gateways.cap.feeds import read_feed
from anlan.warning.gateways.cap.frame import decode
from anlan.warning.gateways.cap.signature import (
    BadCertificate,
    Flaw,
    Signature,
    Verdict,
    certificate_name,
    check_signature,
    read_certificates,
)
from tests.gateway.cap_specimens import FILES, Signer, message

AT = datetime(2024, 7, 15, 12, 0, tzinfo=UTC)
CANONICAL = (
    "http://www.w3.org/2001/10/xml-exc-c14n#",
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
    "http://www.w3.org/2006/12/xml-c14n11",
)


SIGNED: dict[str, bytes] = {}


@pytest.fixture(scope="module")
def office() -> Signer:
    return Signer("市气象台")


@pytest.fixture(scope="module")
def authority() -> Signer:
    return Signer("省预警中心", is_authority=True)


def verdict(data: bytes, *trusted: Signer, at: datetime = AT) -> Signature:
    return check_signature(data, trusted=[each.certificate for each in trusted], at=at)


@pytest.mark.parametrize("algorithm", CANONICAL)
def test_a_trusted_signature_is_valid(office, algorithm):
    data = office.sign(message(), algorithm=algorithm)
    assert decode(data).is_signed
    assert verdict(data, office) == Signature(Verdict.VALID, "市气象台")


def test_a_message_without_one_is_unsigned(office):
    assert verdict(message().encode(), office) == Signature(Verdict.UNSIGNED)
    assert not decode(message().encode()).is_signed


def test_whoever_is_not_trusted_is_named(office, authority):
    found = verdict(office.sign(message()), authority)
    assert found == Signature(Verdict.UNTRUSTED, "市气象台", Flaw.UNKNOWN_SIGNER)
    assert verdict(office.sign(message())).verdict is Verdict.UNTRUSTED


def test_a_trusted_issuer_vouches_for_its_own(authority, office):
    issued = Signer("县气象台", issuer=authority)
    assert verdict(issued.sign(message()), authority) == Signature(Verdict.VALID, "县气象台")
    # A certificate that is no authority's vouches for itself alone.
    claimed = Signer("假", issuer=office)
    assert verdict(claimed.sign(message()), office).flaw is Flaw.UNKNOWN_SIGNER


@pytest.mark.parametrize("old", ["暴雨", "Severe", "qx@shi", "2024-07-15T19:30:00", "上河镇"])
def test_any_change_breaks_it(office, old):
    new = {"Severe": "Extreme", "2024-07-15T19:30:00": "2024-07-15T19:30:01"}.get(old, "x")
    data = office.sign(message()).decode().replace(old, new).encode()
    assert decode(data).is_signed
    assert verdict(data, office) == Signature(Verdict.BROKEN, "市气象台", Flaw.CHANGED)


def test_a_certificate_out_of_time_is_not_enough(office):
    late = AT + timedelta(days=4000)
    assert verdict(office.sign(message()), office, at=late).flaw is Flaw.OUT_OF_TIME
    early = AT - timedelta(days=4000)
    assert verdict(office.sign(message()), office, at=early).flaw is Flaw.OUT_OF_TIME


def test_two_signatures_are_one_too_many(office):
    data = office.sign(message()).decode()
    start = data.index("<ds:Signature")
    end = data.index("</ds:Signature>") + len("</ds:Signature>")
    doubled = (data[:end] + data[start:end] + data[end:]).encode()
    assert verdict(doubled, office) == Signature(Verdict.BROKEN, flaw=Flaw.SEVERAL)


@pytest.mark.parametrize(
    ("old", "new", "flaw"),
    [
        ('URI=""', 'URI="#part"', Flaw.NOT_WHOLE),
        ("#enveloped-signature", "#base64", Flaw.NOT_WHOLE),
        (
            '<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>',
            '<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"/>',
            Flaw.NOT_WHOLE,
        ),
        ("xmldsig-more#rsa-sha256", "xmldsig-more#hmac-sha256", Flaw.UNKNOWN_ALGORITHM),
        ("xmldsig-more#rsa-sha256", "xmldsig-more#sm2-sm3", Flaw.UNKNOWN_ALGORITHM),
    ],
)
def test_a_signature_over_less_or_by_other_means_does_not_count(office, old, new, flaw):
    data = office.sign(message()).decode()
    assert old in data
    found = verdict(data.replace(old, new).encode(), office)
    assert found.flaw is flaw
    assert found.verdict is not Verdict.VALID


def test_a_recorded_signature_holds_but_its_algorithm_is_weak():
    quake = FILES["earthquake_iso8859-1.xml"]
    assert verdict(quake) == Signature(Verdict.UNTRUSTED, "", Flaw.WEAK)
    changed = quake.replace(b"EQ 4.6", b"EQ 9.6")
    assert verdict(changed) == Signature(Verdict.BROKEN, "", Flaw.CHANGED)


def test_a_signature_without_a_certificate_needs_a_trusted_key(office, authority):
    data = office.sign(message()).decode()
    start, end = data.index("<ds:KeyInfo"), data.index("</ds:KeyInfo>") + len("</ds:KeyInfo>")
    bare = (data[:start] + data[end:]).encode()
    assert verdict(bare, office) == Signature(Verdict.VALID, "市气象台")
    assert verdict(bare, authority) == Signature(Verdict.UNTRUSTED, "", Flaw.NO_KEY)


def test_garbage_in_a_signature_is_no_crash(office):
    data = office.sign(message()).decode()
    start, end = data.index("<ds:SignedInfo"), data.index("</ds:Signature>")
    for inner in ("", "<ds:SignedInfo/>", "<ds:SignatureValue>!</ds:SignatureValue>"):
        found = verdict((data[:start] + inner + data[end:]).encode(), office)
        assert found.verdict is Verdict.BROKEN
    value = data.index("<ds:SignatureValue>") + len("<ds:SignatureValue>")
    damaged = data[:value] + "AAAA" + data[value:]
    assert verdict(damaged.encode(), office).verdict is Verdict.BROKEN


@settings(max_examples=60)
@given(st.data())
def test_a_damaged_signature_is_never_valid_and_never_a_crash(office, data):
    content = bytearray(SIGNED.setdefault("one", office.sign(message())))
    start = content.index(b"<ds:Signature")
    at = data.draw(st.integers(start, len(content) - 20))
    content[at : at + data.draw(st.integers(1, 30))] = data.draw(st.binary(max_size=30))
    try:
        found = verdict(bytes(content), office)
    except CapError:
        return
    assert found.verdict is not Verdict.VALID or is_the_same(bytes(content), SIGNED["one"])


@settings(max_examples=100)
@given(st.data())
def test_a_damaged_certificate_is_no_crash_and_gives_no_other_name(office, data):
    text = SIGNED.setdefault("one", office.sign(message())).decode()
    start = text.index("<ds:X509Certificate>") + len("<ds:X509Certificate>")
    end = text.index("</ds:X509Certificate>")
    content = bytearray(base64.b64decode(text[start:end]))
    for _turn in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    sent = base64.b64encode(bytes(content)).decode()
    found = verdict((text[:start] + sent + text[end:]).encode(), office)
    assert found.verdict in (Verdict.VALID, Verdict.BROKEN)
    assert found.verdict is Verdict.BROKEN or found.signer == "市气象台"


def is_the_same(one: bytes, other: bytes) -> bool:
    """Tell whether a change hit nothing that is signed: the certificate sent, blanks, base64."""
    first, second = (etree.fromstring(each) for each in (one, other))
    parts = ("{*}SignedInfo", "{*}SignatureValue")
    texts = [
        [etree.tostring(root.find(f"{{*}}Signature/{p}"), method="c14n").split() for p in parts]
        for root in (first, second)
    ]
    return texts[0] == texts[1] or b"".join(texts[0][1]) == b"".join(texts[1][1])


def test_a_signed_message_inside_a_feed_keeps_its_signature(office):
    inner = office.sign(message()).decode()
    feed = f'<feed xmlns="http://www.w3.org/2005/Atom"><entry><content>{inner}</content></entry>'
    (entry,) = read_feed(f"{feed}</feed>".encode(), address="http://a.cn/")
    assert entry.is_signed
    assert verdict(entry.inline, office).verdict is Verdict.VALID


def test_certificates_are_read_from_a_text(office, authority):
    found = read_certificates(f"office\n{office.pem}\n\n{authority.pem}")
    assert [certificate_name(each) for each in found] == ["市气象台", "省预警中心"]
    assert read_certificates(" \n") == ()
    with pytest.raises(BadCertificate) as refused:
        read_certificates(f"{office.pem}\n-----BEGIN CERTIFICATE-----\nAAAA\n")
    assert refused.value.number == 2
    with pytest.raises(BadCertificate):
        read_certificates("my certificate")
    with pytest.raises(BadCertificate):
        read_certificates(office.pem * 21)
