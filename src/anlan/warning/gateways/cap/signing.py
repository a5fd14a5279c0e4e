"""Sign a message with a county's own key (XML-DSig, enveloped), as signature.py checks it.

Sources: CAP 1.2, section 3.3.2.1; W3C XML Signature 1.1. The key is RSA or elliptic, the digest
SHA-256. SM2 with SM3 is no algorithm of XML-DSig that receivers read, and is not offered.
"""

from collections.abc import Sequence
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from lxml import etree
from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm, SignatureMethod
from signxml.signer import XMLSigner

from .opening import MAX_BYTES, MAX_MARKS, parsed, safe_parser
from .signature import BadCertificate, read_certificates

# A shorter RSA key can be broken, and verifiers turn it down.
SHORTEST_RSA_BITS: Final = 2048
_PARSER: Final = safe_parser(keeps_comments=True)
_Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


class UnusableKey(ValueError):
    """A key or a certificate that cannot sign; `reason` is a stable code."""

    def __init__(self, reason: str, message: str) -> None:
        self.reason = reason
        super().__init__(message)


class Signer:
    """A key with its certificates, read once: it signs as many messages as one likes."""

    def __init__(self, *, key_pem: bytes, certificate_pem: bytes) -> None:
        """Read a key and its certificate, each in PEM; certificates of issuers may follow.

        Raises UnusableKey where either cannot be read, the key is neither RSA of 2,048 bits nor
        elliptic, or the first certificate is not the key's.
        """
        self._key = _read_key(key_pem)
        self._certificates = _read_chain(certificate_pem)
        if self._certificates[0].public_key() != self._key.public_key():
            raise UnusableKey("not-its-certificate", "the first certificate is not the key's")
        is_rsa = isinstance(self._key, rsa.RSAPrivateKey)
        self._method = SignatureMethod.RSA_SHA256 if is_rsa else SignatureMethod.ECDSA_SHA256

    def sign(self, data: bytes) -> bytes:
        """Return a message with a signature over the whole of it as its last child."""
        root = parsed(data, parser=_PARSER, max_bytes=MAX_BYTES, max_marks=MAX_MARKS)
        signer = XMLSigner(
            signature_algorithm=self._method,
            digest_algorithm=DigestAlgorithm.SHA256,
            c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
        )
        signed = signer.sign(root, key=self._key, cert=list(self._certificates))
        written = etree.tostring(signed, encoding="UTF-8", xml_declaration=True)
        return bytes(written) + b"\n"


def sign_alert(data: bytes, *, key_pem: bytes, certificate_pem: bytes) -> bytes:
    """Return a message signed with a key; see Signer for what is refused."""
    return Signer(key_pem=key_pem, certificate_pem=certificate_pem).sign(data)


def _read_key(pem: bytes) -> _Key:
    try:
        key = serialization.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise UnusableKey("no-key", "no private key in PEM without a password") from None
    if isinstance(key, rsa.RSAPrivateKey):
        if key.key_size < SHORTEST_RSA_BITS:
            raise UnusableKey("weak-key", f"an RSA key of {key.key_size} bits is too short")
        return key
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key
    raise UnusableKey("other-key", "the key is neither RSA nor elliptic")


def _read_chain(pem: bytes) -> Sequence[x509.Certificate]:
    try:
        found = read_certificates(pem.decode("ascii"))
    except (BadCertificate, UnicodeDecodeError):
        found = ()
    if not found:
        raise UnusableKey("no-certificate", "no certificate in PEM")
    return found
