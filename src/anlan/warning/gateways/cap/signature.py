"""Whether the signature in a message holds, and whose it is (XML-DSig, enveloped).

Sources: CAP 1.2, section 3.3.2.1 (an enveloped signature as a child of the alert); W3C XML
Signature. A signature counts only when it covers the whole message.
"""

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature as CryptographyInvalidSignature
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.x509.oid import NameOID
from lxml import etree
from signxml.algorithms import DigestAlgorithm, SignatureMethod
from signxml.exceptions import SignXMLException
from signxml.verifier import SignatureConfiguration, XMLVerifier

from .opening import MAX_BYTES, MAX_MARKS, Element, parsed, safe_parser
from .values import SIGNATURE_NAMESPACE

_DS: Final = f"{{{SIGNATURE_NAMESPACE}}}"
_ENVELOPED: Final = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
_CANONICAL: Final = (
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
    "http://www.w3.org/2006/12/xml-c14n11",
    "http://www.w3.org/2001/10/xml-exc-c14n#",
)
_PARSER: Final = safe_parser(keeps_comments=True)
MOST_CERTIFICATES: Final = 20


# What a damaged certificate makes of itself; where warnings are errors, those too.
_UNUSABLE: Final = (
    ValueError,
    TypeError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
    Warning,
)


class Verdict(StrEnum):
    """What can be said of a signature."""

    UNSIGNED = "unsigned"
    VALID = "valid"
    UNTRUSTED = "untrusted"
    BROKEN = "broken"


class Flaw(StrEnum):
    """Why a signature is not valid."""

    NONE = ""
    UNKNOWN_SIGNER = "unknown-signer"
    OUT_OF_TIME = "out-of-time"
    WEAK = "weak-algorithm"
    NO_KEY = "no-key"
    UNKNOWN_ALGORITHM = "unknown-algorithm"
    NOT_WHOLE = "not-the-whole-message"
    SEVERAL = "several-signatures"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Signature:
    """The verdict on a message, by whom it is signed as far as that is known, and the flaw."""

    verdict: Verdict
    signer: str = ""
    flaw: Flaw = Flaw.NONE


class BadCertificate(ValueError):
    """A text that holds no certificate in PEM; `number` counts from 1, 0 where there is none."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(f"certificate {number} cannot be read" if number else "no certificate")


def read_certificates(pem: str) -> tuple[x509.Certificate, ...]:
    """Return the certificates of a text, none of an empty one; raise BadCertificate otherwise."""
    if not pem.strip():
        return ()
    end = "-----END CERTIFICATE-----"
    blocks = [part.strip() for part in pem.split(end) if part.strip()]
    found = []
    for number, block in enumerate(blocks[: MOST_CERTIFICATES + 1], start=1):
        try:
            found.append(_whole(x509.load_pem_x509_certificate(f"{block}\n{end}\n".encode())))
        except _UNUSABLE:
            raise BadCertificate(number) from None
    if len(found) > MOST_CERTIFICATES:
        raise BadCertificate(MOST_CERTIFICATES + 1)
    return tuple(found)


def certificate_name(certificate: x509.Certificate) -> str:
    """Return the common name of a certificate's holder, or the whole name where it has none."""
    try:
        names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        return str(names[0].value) if names else certificate.subject.rfc4514_string()
    except ValueError:
        return ""


def check_signature(data: bytes, *, trusted: Sequence[x509.Certificate], at: datetime) -> Signature:
    """Return the verdict on the signature in a message that frame.decode has taken.

    Valid is one made with the key of a trusted certificate, or of a certificate that a trusted
    one has issued, within its time at `at`, by an algorithm that is still safe.
    """
    root = parsed(data, parser=_PARSER, max_bytes=MAX_BYTES, max_marks=MAX_MARKS)
    signatures = root.findall(f"{_DS}Signature")
    if not signatures:
        return Signature(Verdict.UNSIGNED)
    if len(signatures) > 1:
        return Signature(Verdict.BROKEN, flaw=Flaw.SEVERAL)
    if not _covers_all(signatures[0]):
        return Signature(Verdict.BROKEN, flaw=Flaw.NOT_WHOLE)
    if not _is_known(signatures[0]):
        return Signature(Verdict.UNTRUSTED, flaw=Flaw.UNKNOWN_ALGORITHM)
    return _judged(root, signatures[0], trusted=trusted, at=at)


def _judged(
    root: Element, signature: Element, *, trusted: Sequence[x509.Certificate], at: datetime
) -> Signature:
    sent = list(_sent_certificates(signature))
    has_key = signature.find(f"{_DS}KeyInfo/{_DS}KeyValue") is not None
    if sent:
        signer = next((each for each in sent if _holds(root, each)), None)
        if signer is None:
            return Signature(Verdict.BROKEN, certificate_name(sent[0]), Flaw.CHANGED)
        return _of_certificate(signer, signature, trusted=trusted, at=at)
    matching = next((each for each in trusted if _holds(root, each)), None)
    if matching is not None:
        return _of_certificate(matching, signature, trusted=trusted, at=at)
    if not has_key:
        return Signature(Verdict.UNTRUSTED, flaw=Flaw.NO_KEY)
    if not _holds(root, None):
        return Signature(Verdict.BROKEN, flaw=Flaw.CHANGED)
    flaw = Flaw.WEAK if _is_weak(signature) else Flaw.UNKNOWN_SIGNER
    return Signature(Verdict.UNTRUSTED, flaw=flaw)


def _of_certificate(
    signer: x509.Certificate,
    signature: Element,
    *,
    trusted: Sequence[x509.Certificate],
    at: datetime,
) -> Signature:
    # What the message says of the holder of a trusted key is not signed by anybody.
    signer = next((each for each in trusted if _key(each) == _key(signer)), signer)
    name = certificate_name(signer)
    if _is_weak(signature):
        return Signature(Verdict.UNTRUSTED, name, Flaw.WEAK)
    vouching = [each for each in trusted if _vouches(each, signer)]
    if not vouching:
        return Signature(Verdict.UNTRUSTED, name, Flaw.UNKNOWN_SIGNER)
    if not (_is_in_time(signer, at) and any(_is_in_time(each, at) for each in vouching)):
        return Signature(Verdict.UNTRUSTED, name, Flaw.OUT_OF_TIME)
    return Signature(Verdict.VALID, name)


def _vouches(trusted: x509.Certificate, signer: x509.Certificate) -> bool:
    """Tell whether a trusted certificate is the signer's own, or that of its issuer."""
    if _key(trusted) == _key(signer):
        return True
    try:
        constraints = trusted.extensions.get_extension_for_class(x509.BasicConstraints)
        if not constraints.value.ca:
            return False
        signer.verify_directly_issued_by(trusted)
    except (x509.ExtensionNotFound, ValueError, TypeError, CryptographyInvalidSignature):
        return False
    return True


def _key(certificate: x509.Certificate) -> bytes:
    return certificate.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def _is_in_time(certificate: x509.Certificate, at: datetime) -> bool:
    return certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc


class _Verifier(XMLVerifier):
    """signxml, with each part made canonical as a document of its own.

    libxml2 writes `xmlns=""` into the grandchildren of an element that it makes canonical within
    a document, and real signatures would not hold: see the earthquake among the specimens.
    """

    def _c14n(self, nodes: Any, *args: Any, **options: Any) -> Any:
        library: Any = self
        alone = library._fromstring(library._tostring(nodes, with_tail=False))
        return super()._c14n(alone, *args, **options)


def _holds(root: Element, certificate: x509.Certificate | None) -> bool:
    """Tell whether the signature was made with a key: a certificate's, or the one that it names."""
    config = SignatureConfiguration(
        require_x509=certificate is not None,
        location="./",
        expect_references=1,
        signature_methods=frozenset(SignatureMethod),
        digest_algorithms=frozenset(DigestAlgorithm),
        # Whether it is in time is asked for by itself: a key fits or does not at any time.
        verification_time=certificate.not_valid_before_utc if certificate else None,
    )
    try:
        _Verifier().verify(root, x509_cert=certificate, expect_config=config)
    except (
        *_UNUSABLE,
        SignXMLException,
        CryptographyInvalidSignature,
        etree.LxmlError,
        KeyError,
        AttributeError,
        AssertionError,
        NotImplementedError,
    ):
        return False
    return True


def _covers_all(signature: Element) -> bool:
    """Tell whether the one reference is to the whole message, and nothing is cut out of it."""
    references = signature.findall(f"{_DS}SignedInfo/{_DS}Reference")
    if len(references) != 1 or references[0].get("URI") != "":
        return False
    found = [each.get("Algorithm", "") for each in references[0].iter(f"{_DS}Transform")]
    plain = [name for name in found if name != _ENVELOPED]
    return _ENVELOPED in found and all(name.startswith(_CANONICAL) for name in plain)


def _algorithms(signature: Element) -> tuple[str, str]:
    method = signature.find(f"{_DS}SignedInfo/{_DS}SignatureMethod")
    digest = signature.find(f"{_DS}SignedInfo/{_DS}Reference/{_DS}DigestMethod")
    return (
        "" if method is None else method.get("Algorithm", ""),
        "" if digest is None else digest.get("Algorithm", ""),
    )


def _is_known(signature: Element) -> bool:
    method, digest = _algorithms(signature)
    methods = {each.value for each in SignatureMethod if not each.name.startswith("HMAC")}
    return method in methods and digest in {each.value for each in DigestAlgorithm}


def _is_weak(signature: Element) -> bool:
    """Tell whether an algorithm is one that can be forged today: SHA-1."""
    return any(name.lower().endswith("sha1") for name in _algorithms(signature))


def _sent_certificates(signature: Element) -> Iterator[x509.Certificate]:
    nodes = signature.findall(f"{_DS}KeyInfo/{_DS}X509Data/{_DS}X509Certificate")
    for node in nodes[:MOST_CERTIFICATES]:
        try:
            yield _whole(x509.load_der_x509_certificate(base64.b64decode(node.text or "")))
        except _UNUSABLE:
            continue


def _whole(certificate: x509.Certificate) -> x509.Certificate:
    """Return a certificate whose parts can all be read; a damaged one fails here and not later."""
    certificate.public_key()
    _ = certificate.extensions, certificate.not_valid_before_utc, certificate.not_valid_after_utc
    certificate.subject.rfc4514_string()
    return certificate
