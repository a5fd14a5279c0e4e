"""Our signature holds before our own check and before those of others, with RSA and elliptic."""

from dataclasses import replace
from datetime import UTC, datetime

import capvalidator
import pytest
import xmlsec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from lxml import etree
from signxml.exceptions import InvalidSignature
from signxml.verifier import XMLVerifier

from anlan.warning.gateways.cap.frame import decode
from anlan.warning.gateways.cap.signature import Flaw, Signature, Verdict, check_signature
from anlan.warning.gateways.cap.signing import Signer, UnusableKey, sign_alert
from anlan.warning.gateways.cap.writing import write_alert
from tests.gateway.cap_values import ALERT, SCHEMA, alerts

AT = datetime(2024, 7, 15, 12, 0, tzinfo=UTC)
NAME = "BB 县应急管理局"


class Office:
    """A county with a key and a certificate of its own, in PEM."""

    def __init__(self, key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> None:
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
        self.certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
            .not_valid_after(datetime(2036, 1, 1, tzinfo=UTC))
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .sign(key, hashes.SHA256())
        )
        self.certificate_pem = self.certificate.public_bytes(serialization.Encoding.PEM)
        self.key_pem = key_pem(key)

    def sign(self, data: bytes) -> bytes:
        """Return a message signed by this office."""
        return sign_alert(data, key_pem=self.key_pem, certificate_pem=self.certificate_pem)


def key_pem(key, *, password: bytes = b"") -> bytes:
    """Return a private key in PEM."""
    pem: bytes = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(password)
        if password
        else serialization.NoEncryption(),
    )
    return pem


@pytest.fixture(scope="module", params=["rsa", "p256", "p384"])
def office(request) -> Office:
    if request.param == "rsa":
        return Office(rsa.generate_private_key(public_exponent=65537, key_size=2048))
    curve = ec.SECP256R1() if request.param == "p256" else ec.SECP384R1()
    return Office(ec.generate_private_key(curve))


MESSAGE = write_alert(ALERT)


def test_our_own_check_finds_it_valid(office):
    signed = office.sign(MESSAGE)
    assert decode(signed) == replace(ALERT, is_signed=True)
    found = check_signature(signed, trusted=[office.certificate], at=AT)
    assert found == Signature(Verdict.VALID, NAME)
    assert check_signature(signed, trusted=[], at=AT).flaw is Flaw.UNKNOWN_SIGNER


def test_it_still_stands_before_the_schema(office):
    assert SCHEMA.faults_of(office.sign(MESSAGE)) == []


def test_the_verifiers_of_others_find_it_valid(office):
    signed = office.sign(MESSAGE)
    result = capvalidator.validate_cap_message(signed, strict=True)
    assert result.passed, result.message
    assert XMLVerifier().verify(signed, x509_cert=office.certificate)
    check_by_libxmlsec(signed, office.certificate_pem)


def check_by_libxmlsec(signed: bytes, certificate_pem: bytes) -> None:
    """Raise unless the C library that most receivers use takes the signature."""
    root = etree.fromstring(signed)
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_memory(certificate_pem, xmlsec.constants.KeyDataFormatCertPem)
    context.verify(xmlsec.tree.find_node(root, xmlsec.constants.NodeSignature))


@pytest.mark.parametrize("old", ["暴雨橙色", "Severe", "2024-07-15T20", "610703101000"])
def test_any_change_breaks_it_for_all(office, old):
    data = office.sign(MESSAGE).decode()
    assert old in data
    changed = data.replace(old, "Extreme" if old == "Severe" else f"{old[:-1]}1").encode()
    found = check_signature(changed, trusted=[office.certificate], at=AT)
    assert found == Signature(Verdict.BROKEN, NAME, Flaw.CHANGED)
    assert not capvalidator.check_signature(changed).passed
    with pytest.raises(InvalidSignature):
        XMLVerifier().verify(changed, x509_cert=office.certificate)
    with pytest.raises(xmlsec.VerificationError):
        check_by_libxmlsec(changed, office.certificate_pem)


ONE = Office(ec.generate_private_key(ec.SECP256R1()))


@settings(max_examples=50)
@given(alert=alerts)
def test_any_message_can_be_signed(alert):
    signed = ONE.sign(write_alert(alert))
    assert decode(signed) == replace(alert, is_signed=True)
    assert check_signature(signed, trusted=[ONE.certificate], at=AT).verdict is Verdict.VALID
    check_by_libxmlsec(signed, ONE.certificate_pem)


def test_certificates_of_issuers_come_along():
    other = Office(ec.generate_private_key(ec.SECP256R1()))
    signer = Signer(
        key_pem=ONE.key_pem, certificate_pem=ONE.certificate_pem + other.certificate_pem
    )
    signed = signer.sign(MESSAGE)
    assert signed.count(b"<ds:X509Certificate>") == 2
    assert check_signature(signed, trusted=[ONE.certificate], at=AT).verdict is Verdict.VALID


SHORT = key_pem(rsa.generate_private_key(public_exponent=65537, key_size=1024))  # noqa: S505  refused
OTHER_KIND = key_pem(ed25519.Ed25519PrivateKey.generate())
LOCKED = key_pem(ec.generate_private_key(ec.SECP256R1()), password=b"secret")
ANOTHER = key_pem(ec.generate_private_key(ec.SECP256R1()))


@pytest.mark.parametrize(
    ("key", "certificate", "reason"),
    [
        (b"", ONE.certificate_pem, "no-key"),
        (b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", b"", "no-key"),
        (LOCKED, ONE.certificate_pem, "no-key"),
        (SHORT, ONE.certificate_pem, "weak-key"),
        (OTHER_KIND, ONE.certificate_pem, "other-key"),
        (ONE.key_pem, b"", "no-certificate"),
        (ONE.key_pem, b"\xff", "no-certificate"),
        (ONE.key_pem, ONE.key_pem, "no-certificate"),
        (ANOTHER, ONE.certificate_pem, "not-its-certificate"),
    ],
)
def test_a_key_that_cannot_sign_is_named(key, certificate, reason):
    with pytest.raises(UnusableKey) as refused:
        sign_alert(MESSAGE, key_pem=key, certificate_pem=certificate)
    assert refused.value.reason == reason
    assert "BEGIN" not in str(refused.value)
